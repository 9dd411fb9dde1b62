using FlowRatio.Benchmarks.Speed.Cases;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// Everything that is measured, by name: <c>thing/variant/size@threads</c>. Names that begin with "tiny/" are a second
/// catalogue of small sizes that only checks the machinery; they are measured when asked for by name.
/// </summary>
internal sealed class SpeedCatalog
{
    private const string TinyPrefix = "tiny/";
    private const int Points = 1000;
    private const int Batch = 512;
    private static readonly (int Rows, int Inputs, int Outputs)[] Shapes =
        [(512, 1024, 1024), (1000, 1024, 1024), (2048, 1024, 1024), (64, 1024, 1024), (512, 1024, 20), (512, 128, 1024)];

    private static readonly (string Name, SimulatingField? Field)[] Fields =
    [
        ("s1", SimulatingField.Numerator),
        ("s2", SimulatingField.Unconditional),
        ("s3", SimulatingField.Midpoint),
        ("naive", null),
    ];

    private readonly List<SpeedEntry> entries = [];

    /// <summary>Puts the cases for a machine together.</summary>
    /// <param name="threads">Threads of the cases that use all; every other case runs on one.</param>
    public SpeedCatalog(int threads)
    {
        Threads = threads;
        foreach (int count in (int[])(threads == 1 ? [1] : [1, threads]))
        {
            Add(string.Empty, count, Shapes, Points, Batch, [1024, 256]);
            Add(TinyPrefix, count, [(40, 24, 16)], points: 40, batch: 24, widths: [16]);
        }

        // One thread and all threads of the same thing side by side, in the order of the first.
        List<string> order = [.. entries.Select(Thing).Distinct()];
        entries = [.. entries.OrderBy(entry => order.IndexOf(Thing(entry)))];
    }

    /// <summary>Threads of the cases that use all.</summary>
    public int Threads { get; }

    /// <summary>All cases.</summary>
    public IReadOnlyList<SpeedEntry> Entries => entries;

    /// <summary>A case by its name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public SpeedEntry Find(string name) => entries.Find(entry => entry.Name == name)
        ?? throw new ArgumentException($"There is no case '{name}'; 'list' names all.");

    /// <summary>The cases whose names contain one of the comma-separated parts; all but the tiny ones when there is no filter.</summary>
    /// <exception cref="ArgumentException">No case fits a part.</exception>
    public IReadOnlyList<SpeedEntry> Select(string? filter)
    {
        if (string.IsNullOrWhiteSpace(filter))
        {
            return [.. entries.Where(entry => !IsTiny(entry))];
        }

        string[] parts = filter.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (string part in parts)
        {
            if (!entries.Exists(entry => Fits(entry, part)))
            {
                throw new ArgumentException(
                    $"--cases: no case's name contains '{part}'; there are: {string.Join(", ", Groups())}.");
            }
        }

        return [.. entries.Where(entry => parts.Any(part => Fits(entry, part)))];
    }

    private static string Thing(SpeedEntry entry) => entry.Name.Split('@')[0];

    private static bool IsTiny(SpeedEntry entry) => entry.Name.StartsWith(TinyPrefix, StringComparison.Ordinal);

    private static bool Fits(SpeedEntry entry, string part) =>
        entry.Name.Contains(part, StringComparison.Ordinal) && (!IsTiny(entry) || part.StartsWith("tiny", StringComparison.Ordinal));

    private IEnumerable<string> Groups() => entries.Select(entry => Thing(entry).Split('/')[0]).Distinct();

    private void Add(
        string prefix, int threads, (int Rows, int Inputs, int Outputs)[] shapes, int points, int batch, int[] widths)
    {
        void Case(string name, Func<SpeedBackends, ISpeedCase> create, string? baseline = null) =>
            entries.Add(new SpeedEntry($"{prefix}{name}@{threads}", threads, create)
            {
                Baseline = baseline is null ? null : $"{prefix}{baseline}@{threads}",
            });

        Case("ceiling", _ => new MultiplyAddCeiling(threads));
        foreach ((int Rows, int Inputs, int Outputs) shape in shapes)
        {
            string size = $"{shape.Rows}x{shape.Inputs}x{shape.Outputs}";
            Case($"gemm/forward/{size}", backends => new ForwardProduct(backends[threads], shape));
            Case($"gemm/repack/{size}", backends => new ForwardProduct(backends[threads], shape, repack: true));
            Case($"gemm/data-gradient/{size}", backends => new BackwardProduct(backends[threads], shape, ofWeights: false));
            Case($"gemm/weight-gradient/{size}", backends => new BackwardProduct(backends[threads], shape, ofWeights: true));
        }

        // A short inner index, so that the epilogue is most of the time and its difference to the plain product is well above the noise.
        (int, int, int) thin = (points, 16, widths[0]);
        Case("epilogue/none", backends => new ForwardProduct(backends[threads], thin));
        Case("epilogue/bias-selu", backends => new ForwardProduct(backends[threads], thin, ForwardProduct.Epilogue.Selu), "epilogue/none");
        Case("epilogue/selu-tangent", backends => new ForwardProduct(backends[threads], thin, ForwardProduct.Epilogue.SeluTangent), "epilogue/none");
        foreach (int width in widths)
        {
            Case($"head/w{width}", backends => new HeadForward(backends[threads], width, points));
            Case($"training-step/w{width}", backends => new TrainingStep(backends[threads], width, batch, averaged: false));
            Case($"training-step-averaged/w{width}", backends => new TrainingStep(backends[threads], width, batch, averaged: true));
            Case($"training-step-whitened/w{width}", backends => new TrainingStep(backends[threads], width, batch, averaged: true, whitened: true));
            foreach ((string name, SimulatingField? field) in Fields)
            {
                Case($"evaluation/{name}/w{width}", backends => new RateEvaluation(backends[threads], width, points, field));
            }
        }

        if (threads == Threads)
        {
            foreach (int width in widths)
            {
                Case($"solve/w{width}", backends => new WholeSolve(backends[threads], width, points));
            }

            Case($"training/w{widths[^1]}", backends => new WholeTraining(backends[threads], widths[^1], prefix.Length == 0 ? 500 : 5));
        }
    }
}
