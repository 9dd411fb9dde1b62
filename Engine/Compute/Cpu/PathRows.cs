namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>What 32 path samples have in common over all features: pointers to 32 floats each.</summary>
/// <param name="times">t.</param>
/// <param name="sigma">sigma_t.</param>
/// <param name="sigmaPrime">d sigma / dt.</param>
/// <param name="scoreFactor">-(sigma - t sigma').</param>
internal readonly unsafe struct PathRows(float* times, float* sigma, float* sigmaPrime, float* scoreFactor)
{
    public float* Times => times;

    public float* Sigma => sigma;

    public float* SigmaPrime => sigmaPrime;

    public float* ScoreFactor => scoreFactor;
}
