namespace FlowRatio.Training.BaseFlows;

/// <summary>Losses of a candidate part by part, in the order in which every candidate's are, so that differences can be taken part by part.</summary>
/// <param name="Flow">Flow-matching loss of each held-out batch.</param>
/// <param name="Label">Label loss of each held-out row; empty with one condition.</param>
internal sealed record PairedScores(double[] Flow, double[] Label)
{
    /// <summary>Mean difference to another candidate's losses in units of its standard error; negative where these are lower.</summary>
    public static double Difference(double[] mine, double[] others)
    {
        if (mine.Length < 2)
        {
            return 0;
        }

        double[] differences = [.. mine.Zip(others, (a, b) => a - b)];
        double mean = differences.Average();
        double variance = differences.Sum(value => (value - mean) * (value - mean)) / (differences.Length - 1);
        double error = Math.Sqrt(variance / differences.Length);
        return error > 0 ? mean / error : 0;
    }
}
