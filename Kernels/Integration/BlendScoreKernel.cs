using FlowRatio.Engine.Paths;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Numerics;
using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>score = (1 - w_t) score + w_t (t u - x) / c_t, one thread per element.</summary>
internal struct BlendScoreKernel : IKernel<BlendScoreKernel>
{
    public MatrixView Times;
    public MatrixView Points;
    public MatrixView Velocity;
    public MatrixView Score;
    public int Rows;
    public int Columns;
    public PathConstants Path;
    public ScoreBlend Blend;

    /// <summary>1 where every row has a time of its own.</summary>
    public int TimePerRow;

    /// <inheritdoc/>
    public static bool HasBarriers => false;

    /// <inheritdoc/>
    public static void Run(BlendScoreKernel k)
    {
        int i = KernelIndex.Element;
        int r = i / k.Columns;
        int j = i - (r * k.Columns);
        if (r >= k.Rows)
        {
            return;
        }

        double t = k.Times.Get(k.TimePerRow != 0 ? r : 0, 0);
        double weight = k.Blend.Weight(t);
        if (weight > 0)
        {
            double factor = weight / k.Path.ScoreWeight(t);
            float implied = ((float)(factor * t) * k.Velocity.Get(r, j)) - ((float)factor * k.Points.Get(r, j));
            k.Score.Set(r, j, ((float)(1 - weight) * k.Score.Get(r, j)) + implied);
        }
    }
}
