using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>
/// Disagreement between score and velocity, by a team of threads per row; slots keep their largest. For values that are not negative the
/// order of the bits is that of the numbers, and a maximum does not depend on who comes first.
/// </summary>
internal struct DisagreementKernel : IKernel<DisagreementKernel>
{
    public MatrixView Times;
    public MatrixView Points;
    public MatrixView Velocity;
    public MatrixView Score;
    public int VelocitySegment;
    public int ScoreSegment;
    public ArrayView<int> Slots;

    /// <summary>The bits of the largest values.</summary>
    public ArrayView<long> Largest;
    public int Rows;
    public int Columns;
    public PathConstants Path;
    public double LatestTime;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(DisagreementKernel k)
    {
        const long notANumber = 0x7FF8_0000_0000_0000;
        int r = RowTeam.Row;
        double sum = 0;
        double factor = 0;
        if (r < k.Rows)
        {
            double time = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
            double t = time < k.LatestTime ? time : k.LatestTime;
            double c = k.Path.ScoreWeight(t);
            factor = k.Path.Sigma(t) / c;
            for (int j = RowTeam.Lane; j < k.Columns; j += RowTeam.Lanes)
            {
                double difference = (c * k.Score.Get(k.ScoreSegment, r, j))
                    - ((t * k.Velocity.Get(k.VelocitySegment, r, j)) - k.Points.Get(r, j));
                sum += difference * difference;
            }
        }

        double total = RowTeam.Sum(sum);
        if (r < k.Rows && RowTeam.Lane == 0)
        {
            double value = factor * Math.Sqrt(total / k.Columns);
            long bits = double.IsNaN(value) ? notANumber : BitConverter.DoubleToInt64Bits(value);
            Atomic.Max(ref k.Largest[k.Slots[r]], bits);
        }
    }
}
