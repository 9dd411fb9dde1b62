using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// Adds a base's velocity and score, by a team of threads per row: each turns its coordinates back from the principal directions of the
/// factors that have them. The divergence then loses u . s of the factors that are mixtures.
/// </summary>
internal struct AddBaseKernel : IKernel<AddBaseKernel>
{
    public BaseFlowView Flow;
    public ArrayView<int> Densities;
    public ArrayView<float> Along;
    public ArrayView<double> Responsibilities;
    public int Rows;

    /// <summary>Largest number of components of a density.</summary>
    public int MostComponents;

    /// <summary>Largest number of places of a density.</summary>
    public int MostPlaces;
    public float Factor;

    /// <summary>1 with a velocity.</summary>
    public int HasVelocity;
    public MatrixView Velocity;

    /// <summary>1 with a score.</summary>
    public int HasScore;
    public MatrixView Score;

    /// <summary>1 with row weights.</summary>
    public int IsWeighted;
    public MatrixView ScoreWeight;

    /// <summary>1 where a divergence is wanted.</summary>
    public int HasDivergence;
    public ArrayView<double> Divergence;

    /// <inheritdoc/>
    public static bool HasBarriers => true;

    /// <inheritdoc/>
    public static void Run(AddBaseKernel k)
    {
        int r = RowTeam.Row;
        int d = k.Flow.Dimension;
        double product = 0;
        if (r < k.Rows)
        {
            int density = k.Densities[r];
            int slots = (r * k.MostComponents) - k.Flow.FirstComponent(k.Flow.FirstFactor(density));
            int along = (r * 2 * k.MostPlaces) - k.Flow.FirstPlaceOfDensity(density);
            float scoreFactor = k.Factor;
            if (k.IsWeighted != 0)
            {
                scoreFactor *= k.ScoreWeight.Get(r, 0);
            }

            for (int j = RowTeam.Lane; j < d; j += RowTeam.Lanes)
            {
                int factor = k.Flow.FactorOf(density, j);
                int position = k.Flow.PositionOf(density, j);
                int firstComponent = k.Flow.FirstComponent(factor);
                int endComponent = k.Flow.FirstComponent(factor + 1);
                float u = 0;
                float s = 0;
                for (int c = firstComponent; c < endComponent; c++)
                {
                    int place = k.Flow.PlaceOf(c, position);
                    int first = k.Flow.BlockFirst(place);
                    float ownVelocity = k.Flow.Mean(place);
                    float ownScore = 0;
                    for (int i = 0; i < k.Flow.BlockSize(place); i++)
                    {
                        float direction = k.Flow.Direction(place, i, place - first);
                        int at = along + first + i;
                        ownVelocity += direction * k.Along[at];
                        ownScore += direction * k.Along[at + k.MostPlaces];
                    }

                    float weight = (float)k.Responsibilities[slots + c];
                    u += weight * ownVelocity;
                    s += weight * ownScore;
                }

                if (endComponent - firstComponent > 1)
                {
                    product += (double)u * s;
                }

                if (k.HasVelocity != 0)
                {
                    k.Velocity.Set(r, j, k.Velocity.Get(r, j) + (k.Factor * u));
                }

                if (k.HasScore != 0)
                {
                    k.Score.Set(r, j, k.Score.Get(r, j) + (scoreFactor * s));
                }
            }
        }

        double total = RowTeam.Sum(product);
        if (r < k.Rows && RowTeam.Lane == 0 && k.HasDivergence != 0)
        {
            k.Divergence[r] -= total;
        }
    }
}
