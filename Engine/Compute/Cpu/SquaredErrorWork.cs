using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Squared error of one panel and its gradient; squares are summed row by row in float64.</summary>
internal unsafe struct SquaredErrorWork : IBlockWork
{
    public CpuMatrix Prediction;
    public CpuMatrix Target;
    public CpuMatrix? RowWeight;
    public CpuMatrix Gradient;
    public double[] PartialSums;

    public readonly void Run(int block)
    {
        const int lanes = CpuMatrix.PanelRows;
        var scale = Vector256.Create((float)(2.0 / ((double)Prediction.Rows * Prediction.Columns)));
        double* sums = stackalloc double[lanes];
        for (int lane = 0; lane < lanes; lane += Vector256<float>.Count)
        {
            float* prediction = Prediction.Panel(0, block) + lane;
            float* target = Target.Panel(0, block) + lane;
            float* gradient = Gradient.Panel(0, block) + lane;
            Vector256<float> weight = RowWeight is null ? Vector256.Create(1f) : Vector256.Load(RowWeight.Panel(0, block) + lane);
            Vector256<float> scaledWeight = scale * weight;
            Vector256<double> low = Vector256<double>.Zero, high = Vector256<double>.Zero;
            for (int j = 0; j < Prediction.Columns * lanes; j += lanes)
            {
                Vector256<float> residual = (weight * Vector256.Load(prediction + j)) - Vector256.Load(target + j);
                (scaledWeight * residual).Store(gradient + j);
                (Vector256<double> first, Vector256<double> second) = Vector256.Widen(residual);
                low += first * first;
                high += second * second;
            }

            low.Store(sums + lane);
            high.Store(sums + lane + Vector256<double>.Count);
        }

        double sum = 0;
        for (int r = 0; r < Prediction.RowsIn(block); r++)
        {
            sum += sums[r];
        }

        PartialSums[block] = sum;
    }
}
