using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>
/// Rate of one condition's log-density, -div u + (b - u) . s, in float64 by a team of threads per row. The second coordinate of the grid
/// is the first probe: each its own rate, or all of them summed into one.
/// </summary>
internal struct LogDensityRatesKernel : IKernel<LogDensityRatesKernel>
{
    public MatrixView Velocity;
    public MatrixView Score;
    public MatrixView Field;
    public MatrixView Probes;
    public int Rows;
    public int Columns;

    /// <summary>The condition, also its segment of the velocity.</summary>
    public int Condition;

    /// <summary>Its segment of the score, or -1.</summary>
    public int ScoreSegment;

    /// <summary>Segment of its tangent along probe 0.</summary>
    public int FirstTangent;

    /// <summary>Conditions with tangents: the distance between the tangents of one condition.</summary>
    public int TangentConditions;

    /// <summary>Probes per rate: 1, or all.</summary>
    public int ProbesPerRate;

    /// <summary>1 to add to the rates.</summary>
    public int Accumulates;
    public ArrayView<double> Rates;

    /// <summary>Distance between series.</summary>
    public int SeriesStride;

    /// <summary>1 where a part of the divergence is known.</summary>
    public int HasKnown;

    /// <summary>That part, series by series.</summary>
    public ArrayView<double> Known;

    /// <summary>Distance between its series.</summary>
    public int KnownStride;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(LogDensityRatesKernel k)
    {
        int r = RowTeam.Row;
        double sum = 0;
        if (r < k.Rows)
        {
            for (int j = RowTeam.Lane; j < k.Columns; j += RowTeam.Lanes)
            {
                if (k.ScoreSegment >= 0)
                {
                    double difference = (double)k.Field.Get(r, j) - k.Velocity.Get(k.Condition, r, j);
                    sum += difference * k.Score.Get(k.ScoreSegment, r, j);
                }

                for (int i = 0; i < k.ProbesPerRate; i++)
                {
                    int probe = Grid.IdxY + i;
                    int tangent = k.FirstTangent + (probe * k.TangentConditions);
                    sum -= (double)k.Probes.Get(probe, r, j) * k.Velocity.Get(tangent, r, j);
                }
            }
        }

        double rate = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0)
        {
            if (k.HasKnown != 0)
            {
                rate -= k.Known[(k.Condition * k.KnownStride) + r];
            }

            int at = (((Grid.IdxY * k.TangentConditions) + k.Condition) * k.SeriesStride) + r;
            k.Rates[at] = k.Accumulates != 0 ? k.Rates[at] + rate : rate;
        }
    }
}
