namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>The elementwise kernels, written once for all instruction sets.</summary>
internal abstract unsafe class CpuKernels<TSimd, TVector> : CpuKernels
    where TSimd : struct, ISimd<TVector>
    where TVector : struct
{
    private const int Rows = CpuMatrix.PanelRows;

    /// <inheritdoc/>
    public override int TileColumns => TSimd.TileColumns;

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
