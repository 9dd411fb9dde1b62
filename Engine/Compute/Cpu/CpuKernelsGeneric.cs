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
    public override void Normals(uint* firstWord, uint* secondWord, float* first, float* second)
    {
        for (int lane = 0; lane < Rows; lane += TSimd.Width)
        {
            VectorMath<TSimd, TVector>.Normals(
                TSimd.Load((float*)firstWord + lane), TSimd.Load((float*)secondWord + lane), out TVector one, out TVector two);
            TSimd.Store(first + lane, one);
            TSimd.Store(second + lane, two);
        }
    }

    /// <inheritdoc/>
    public override void TimeFeature(float* times, float frequency, float* cosine, float* sine)
    {
        TVector largest = TSimd.Broadcast(VectorMath<TSimd, TVector>.LargestAngle);
        TVector magnitude = TSimd.BroadcastBits(int.MaxValue);
        for (int lane = 0; lane < Rows; lane += TSimd.Width)
        {
            TVector angle = TSimd.Multiply(TSimd.Load(times + lane), TSimd.Broadcast(frequency));
            if (TSimd.AllAtMost(TSimd.And(angle, magnitude), largest))
            {
                VectorMath<TSimd, TVector>.SinCos(angle, out TVector s, out TVector c);
                TSimd.Store(sine + lane, s);
                TSimd.Store(cosine + lane, c);
                continue;
            }

            for (int i = lane; i < lane + TSimd.Width; i++)
            {
                (sine[i], cosine[i]) = MathF.SinCos(times[i] * frequency);
            }
        }
    }

    /// <inheritdoc/>
    public override void PathFeature(in PathRows rows, float* noise, float* point, float* velocity, float* score)
    {
        for (int lane = 0; lane < Rows; lane += TSimd.Width)
        {
            TVector target = TSimd.Load(velocity + lane);
            TVector deviate = TSimd.Load(noise + lane);
            TVector mean = TSimd.Multiply(TSimd.Load(rows.Times + lane), target);
            TSimd.Store(point + lane, TSimd.MultiplyAdd(TSimd.Load(rows.Sigma + lane), deviate, mean));
            TSimd.Store(velocity + lane, TSimd.MultiplyAdd(TSimd.Load(rows.SigmaPrime + lane), deviate, target));
            TSimd.Store(score + lane, TSimd.Multiply(TSimd.Load(rows.ScoreFactor + lane), deviate));
        }
    }

    /// <inheritdoc/>
    public override void AverageTargets(in TargetAverageRows rows) => TargetAverage<TSimd, TVector>.Run(rows);

    /// <inheritdoc/>
    public override void BiasActivation(float* values, float* bias, int columns, Activation activation)
    {
        switch (activation)
        {
            case Activation.Selu:
                for (int j = 0; j < columns; j++, values += Rows)
                {
                    TVector b = TSimd.Broadcast(bias[j]);
                    for (int lane = 0; lane < Rows; lane += TSimd.Width)
                    {
                        TSimd.Store(values + lane, VectorMath<TSimd, TVector>.Selu(TSimd.Add(TSimd.Load(values + lane), b)));
                    }
                }

                break;
            case Activation.Elu:
                for (int j = 0; j < columns; j++, values += Rows)
                {
                    TVector b = TSimd.Broadcast(bias[j]);
                    for (int lane = 0; lane < Rows; lane += TSimd.Width)
                    {
                        TSimd.Store(values + lane, VectorMath<TSimd, TVector>.Elu(TSimd.Add(TSimd.Load(values + lane), b)));
                    }
                }

                break;
            default:
                for (int j = 0; j < columns; j++, values += Rows)
                {
                    TVector b = TSimd.Broadcast(bias[j]);
                    for (int lane = 0; lane < Rows; lane += TSimd.Width)
                    {
                        TSimd.Store(values + lane, TSimd.Add(TSimd.Load(values + lane), b));
                    }
                }

                break;
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
