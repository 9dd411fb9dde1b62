using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The elementwise kernels, written once for all instruction sets.</summary>
internal abstract unsafe class CpuKernels<TSimd, TVector> : CpuKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Rows = CpuMatrix.PanelRows;

    /// <inheritdoc/>
    public override void SumRows(float* first, long panelStride, int panels, float* tail, float* sums)
    {
        TVector s0 = TSimd.Zero, s1 = TSimd.Zero, s2 = TSimd.Zero, s3 = TSimd.Zero;
        for (int panel = 0; panel <= panels; panel++)
        {
            float* values = panel == panels ? tail : first + (panel * panelStride);
            for (int lane = 0; lane < Rows; lane += TSimd.Width)
            {
                s0 = TSimd.Add(s0, TSimd.Load(values + lane));
                s1 = TSimd.Add(s1, TSimd.Load(values + Rows + lane));
                s2 = TSimd.Add(s2, TSimd.Load(values + (2 * Rows) + lane));
                s3 = TSimd.Add(s3, TSimd.Load(values + (3 * Rows) + lane));
            }
        }

        TSimd.SumLanes(s0, s1, s2, s3).Store(sums);
    }

    /// <inheritdoc/>
    public override void BiasActivation(float* values, float* bias, int columns, Activation activation)
    {
        for (int j = 0; j < columns; j++)
        {
            TVector b = TSimd.Broadcast(bias[j]);
            float* column = values + ((long)j * Rows);
            for (int lane = 0; lane < Rows; lane += TSimd.Width)
            {
                TVector sum = TSimd.Add(TSimd.Load(column + lane), b);
                TVector value = activation switch
                {
                    Activation.Selu => VectorMath<TSimd, TVector>.Selu(sum),
                    Activation.Elu => VectorMath<TSimd, TVector>.Elu(sum),
                    _ => sum,
                };
                TSimd.Store(column + lane, value);
            }
        }
    }

    /// <inheritdoc/>
    public override void MultiplyBySeluDerivative(float* values, float* activations, int columns) =>
        ExpandTangent(values, activations, columns, values);

    /// <inheritdoc/>
    public override void MultiplyByEluDerivative(float* values, float* activations, int columns)
    {
        long count = (long)columns * Rows;
        for (long at = 0; at < count; at += TSimd.Width)
        {
            TVector derivative = VectorMath<TSimd, TVector>.EluDerivative(TSimd.Load(activations + at));
            TSimd.Store(values + at, TSimd.Multiply(TSimd.Load(values + at), derivative));
        }
    }

    /// <inheritdoc/>
    public override void ExpandPrimal(
        float* shared, float* condition, float* time, bool timePerRow, int columns, float* output)
    {
        for (int j = 0; j < columns; j++)
        {
            TVector row = TSimd.Broadcast(condition[(long)j * Rows]);
            TVector sharedTime = TSimd.Broadcast(time[(long)j * Rows]);
            for (int lane = 0; lane < Rows; lane += TSimd.Width)
            {
                long at = ((long)j * Rows) + lane;
                TVector tau = timePerRow ? TSimd.Load(time + at) : sharedTime;
                TVector sum = TSimd.Add(TSimd.Add(TSimd.Load(shared + at), row), tau);
                TSimd.Store(output + at, VectorMath<TSimd, TVector>.Selu(sum));
            }
        }
    }

    /// <inheritdoc/>
    public override void ExpandTangent(float* shared, float* activations, int columns, float* output)
    {
        long count = (long)columns * Rows;
        for (long at = 0; at < count; at += TSimd.Width)
        {
            TVector derivative = VectorMath<TSimd, TVector>.SeluDerivative(TSimd.Load(activations + at));
            TSimd.Store(output + at, TSimd.Multiply(TSimd.Load(shared + at), derivative));
        }
    }
}
