namespace FlowRatio.Training;

/// <summary>Seeds of trainings that are repeated and averaged: far apart, since other parts of a run (folds, validation) count theirs up by one.</summary>
public static class RepeatedSeed
{
    private const ulong Distance = 1000;

    /// <summary>The seed of one repetition; the first has the run's own.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="repetition">Number of the repetition, from 0.</param>
    public static ulong Of(ulong seed, int repetition) => seed + (Distance * (ulong)repetition);
}
