using System.Numerics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Backward through the activation of a stack for one panel of rows, in place.</summary>
internal unsafe struct ActivationBackwardWork : IBlockWork
{
    public CpuMatrix Output;
    public StackLayout Stack;
    public CpuMatrix Gradient;
    public float Scale;
    public float ScaleAlpha;

    public readonly void Run(int block)
    {
        int count = Output.Columns * CpuMatrix.PanelRows;
        var scaleAlpha = new Vector<float>(ScaleAlpha);
        var scale = new Vector<float>(Scale);
        for (int primal = 0; primal < Stack.PrimalSegments; primal++)
        {
            float* values = Output.Panel(primal, block);
            float* dValues = Gradient.Panel(primal, block);
            for (int i = 0; i < count; i += Vector<float>.Count)
            {
                Vector<float> value = Vector.Load(values + i);
                Vector<float> slope = Vector.ConditionalSelect(Positive(value), scale, value + scaleAlpha);
                (slope * Vector.Load(dValues + i)).Store(dValues + i);
            }

            for (int probe = 0; primal < Stack.TangentConditions && probe < Stack.Probes; probe++)
            {
                int segment = Stack.TangentOf(primal, probe);
                float* tangents = Output.Panel(segment, block);
                float* dTangents = Gradient.Panel(segment, block);
                for (int i = 0; i < count; i += Vector<float>.Count)
                {
                    Vector<float> value = Vector.Load(values + i), dTangent = Vector.Load(dTangents + i);
                    Vector<int> positive = Positive(value);
                    Vector<float> slope = Vector.ConditionalSelect(positive, scale, value + scaleAlpha);
                    Vector<float> curved = Vector.ConditionalSelect(positive, Vector<float>.Zero, Vector.Load(tangents + i));
                    (Vector.Load(dValues + i) + (curved * dTangent)).Store(dValues + i);
                    (slope * dTangent).Store(dTangents + i);
                }
            }
        }
    }

    private static Vector<int> Positive(Vector<float> value) => Vector.GreaterThan(value, Vector<float>.Zero);
}
