using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Randomness;

namespace FlowRatio.Training.BaseFlows;

/// <summary>A mixture for some rows; number of components and form of the covariances by BIC.</summary>
/// <param name="Density">The mixture.</param>
/// <param name="Parameters">Number of free parameters.</param>
/// <param name="Summary">In words.</param>
internal sealed record MixtureFit(BaseDensity Density, int Parameters, string Summary)
{
    // Rows for choosing, and for the last iterations: more change neither the choice nor the densities by much.
    private const int RowsToChoose = 20_000;
    private const int RowsToStart = 4_000;
    private const int RowsToFinish = 200_000;
    private const int Starts = 4;
    private const int StartIterations = 12;
    private const int Iterations = 150;
    private const int FinalIterations = 20;
    private const int WorseBeforeStop = 2;

    // Nats per row. What slow iterations would still gain is small against what BIC asks for a component; the chosen mixture goes on to the finer one.
    private const double GainToChoose = 1e-4;
    private const double GainToFinish = 1e-5;
    private const double RelativeFloor = 1e-3;
    private static readonly int[] Counts = [1, 2, 3, 4, 5, 6, 8, 10, 12, 16, 20, 24];

    /// <summary>Fits a mixture.</summary>
    /// <param name="points">Row-major <c>[all rows, d]</c>.</param>
    /// <param name="dimension">d.</param>
    /// <param name="rows">Row numbers.</param>
    /// <param name="components">Number of components, or null to choose it.</param>
    /// <param name="seed">Seed of the starts.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    public static MixtureFit Of(
        ReadOnlyMemory<float> points, int dimension, int[] rows, int? components, ulong seed, ParallelOptions parallel)
    {
        RowMoments whole = RowMoments.Of(points.Span, dimension, rows);
        double floor = RelativeFloor * GaussianBaseFit.Floor([whole]) / GaussianBaseFit.RelativeFloor;
        int[] chosen = Some(rows, RowsToChoose, seed, 0), few = Some(rows, RowsToStart, seed, 1);
        Candidate? best = null;
        foreach (bool isDiagonal in (bool[])[false, true])
        {
            var fit = new ExpectationMaximization(points, whole, isDiagonal, floor);
            double lowest = double.PositiveInfinity;
            int worse = 0;
            foreach (int count in components is { } fixedCount ? [fixedCount] : Counts.Where(count => count == 1 || FitsRows(count)))
            {
                ExpectationMaximization.State start = Enumerable.Range(0, count == 1 ? 1 : Starts)
                    .Select(number => fit.Run(fit.Start(few, count, seed, (uint)number), few, StartIterations, GainToChoose, parallel))
                    .MaxBy(state => state.LogLikelihood)!;
                ExpectationMaximization.State state = fit.Run(start, chosen, Iterations, GainToChoose, parallel);
                var candidate = new Candidate(fit, isDiagonal, state, CriterionOf(state, dimension, isDiagonal, chosen.Length));
                if (best is null || candidate.Criterion < best.Criterion)
                {
                    best = candidate;
                }

                worse = candidate.Criterion < lowest ? 0 : worse + 1;
                lowest = Math.Min(lowest, candidate.Criterion);
                if (worse == WorseBeforeStop)
                {
                    break;
                }
            }
        }

        int[] all = Some(rows, RowsToFinish, seed, 2);
        IReadOnlyList<MixtureComponent> fitted = best!.Fit.Run(best.State, all, FinalIterations, GainToFinish, parallel).Components;
        var density = new BaseDensity(fitted.Select(component => new GaussianComponent(
            component.Weight, component.Mean, Blocks(component, dimension, floor))));
        string form = best.IsDiagonal ? "diagonal" : "full";
        return new MixtureFit(density, ParametersOf(fitted.Count, dimension, best.IsDiagonal), $"{fitted.Count} {form}");

        // A mixture of more components than rows can tell apart is not worth its iterations.
        bool FitsRows(int count) => chosen.Length >= 10 * count;
    }

    private static double CriterionOf(ExpectationMaximization.State state, int dimension, bool isDiagonal, int rows) =>
        (-2 * state.LogLikelihood * rows) + (ParametersOf(state.Components.Count, dimension, isDiagonal) * Math.Log(rows));

    private static int ParametersOf(int components, int dimension, bool isDiagonal)
    {
        int perComponent = dimension + (isDiagonal ? dimension : dimension * (dimension + 1) / 2);
        return (components * (perComponent + 1)) - 1;
    }

    private static IEnumerable<EigenBlock> Blocks(MixtureComponent component, int dimension, double floor) => component.IsDiagonal
        ? Enumerable.Range(0, dimension).Select(i => EigenBlock.OfOne(i, Math.Max(component.Covariance[(i * dimension) + i], floor)))
        : [EigenBlock.FromCovariance([.. Enumerable.Range(0, dimension)], component.Covariance, floor)];

    /// <summary>A random part of the rows, or all of them.</summary>
    private static int[] Some(int[] rows, int most, ulong seed, uint part)
    {
        if (rows.Length <= most)
        {
            return rows;
        }

        var order = new KeyedPermutation(rows.Length, Philox.Block(seed, RandomStream.BaseFit, part, uint.MaxValue));
        return [.. Enumerable.Range(0, most).Select(i => rows[order[i]])];
    }

    private sealed record Candidate(
        ExpectationMaximization Fit, bool IsDiagonal, ExpectationMaximization.State State, double Criterion);
}
