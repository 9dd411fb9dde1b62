using System.CommandLine;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;

namespace FlowRatio.Cli.Arguments;

/// <summary>How trajectories are integrated.</summary>
internal sealed class IntegrationArguments
{
    private static readonly SimulatingField[] Fields =
        [SimulatingField.Numerator, SimulatingField.Unconditional, SimulatingField.Midpoint, SimulatingField.Denominator];

    private readonly Option<string>? field;
    private readonly Option<int> probes = CommandOptions.Number("--probes", 2, "Divergence probe sequences per row; from two on there are standard errors.");
    private readonly Option<bool> exact = new("--exact") { Description = "The exact divergence in place of probes (d times the work)." };
    private readonly Option<int> steps = CommandOptions.Number("--steps", 10, "Equal Runge-Kutta steps from the data to the noise.");
    private readonly Option<double?> tolerance = new("--tolerance") { Description = "Steps chosen per row, in place of --steps: with --exact so that its value is good to this tolerance in nats (1e-4 is fine, 1e-3 usual); with probes so that its trajectory is, and the probes' error is in the column of standard errors." };
    private readonly Option<double?> impliedScore = CommandOptions.ImpliedScore();
    private readonly Option<long> seed = new("--seed") { Description = "Seed of the probes.", DefaultValueFactory = _ => 1 };
    private readonly Option<int?> chunk = new("--chunk") { Description = "Rows computed together; bounds memory, never changes a result [chosen by the device]." };

    public IntegrationArguments(Command command, bool hasField)
    {
        if (hasField)
        {
            field = CommandOptions.Word("--field", SimulatingField.Midpoint.Name, "Field along which the ratio is tracked: s1 (numerator), s2 (no condition), s3 (midpoint), denominator.");
            field.CompletionSources.Add([.. Fields.Select(known => known.Name)]);
            command.Options.Add(field);
            command.Options.Add(impliedScore);
        }

        foreach (Option option in (Option[])[probes, exact, steps, tolerance, seed, chunk])
        {
            command.Options.Add(option);
        }
    }

    public EstimationOptions Options(ParseResult parsed)
    {
        double? wanted = parsed.GetValue(tolerance);
        if (wanted is { } value && (!(value > 0) || !double.IsFinite(value)))
        {
            throw new ArgumentException($"--tolerance is {value}; a positive number is needed.");
        }

        return new EstimationOptions
        {
            Field = field is null ? SimulatingField.Midpoint : Field(parsed.GetRequiredValue(field)),
            Steps = CommandOptions.AtLeast(parsed, steps, 1),
            Adaptive = wanted is { } reached ? new AdaptiveOptions(reached, reached) : null,
            Divergence = parsed.GetValue(exact) ? DivergenceMethod.Exact : DivergenceMethod.Hutchinson(CommandOptions.AtLeast(parsed, probes, 1)),
            ImpliedScore = field is null ? null : CommandOptions.Portion(parsed, impliedScore),
            Seed = CommandOptions.Seed(parsed, seed),
            ChunkRows = CommandOptions.AtLeast(parsed, chunk, 1),
        };
    }

    /// <summary>Refuses options of the integration where nothing is integrated.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="raw">The option with which there would be an integration.</param>
    public void RequireNone(ParseResult parsed, string raw)
    {
        foreach (Option? option in (Option?[])[field, probes, exact, steps, tolerance, impliedScore, seed, chunk])
        {
            if (option is not null && parsed.GetResult(option) is { Implicit: false })
            {
                throw new ArgumentException($"{option.Name} says how the flow's own log-ratio is integrated; add {raw}, or leave {option.Name} out.");
            }
        }
    }

    /// <summary>How rows were integrated, in words.</summary>
    public static string Describe(EstimationOptions options) =>
        (options.Adaptive is { } adaptive
            ? $"Dopri5, tolerance {adaptive.RelativeTolerance:0.###e0} " + (options.Divergence.IsExact ? "of the value in nats" : "of the trajectory (not of the value: its probes' error is the standard error)")
            : $"{options.Steps} steps of {options.Tableau}")
        + ", " + (options.Divergence.IsExact ? "exact divergence" : $"{options.Divergence.Probes} Hadamard probe{(options.Divergence.Probes == 1 ? string.Empty : "s")} per stage");

    private static SimulatingField Field(string name) => Fields.FirstOrDefault(field => field.Name == name)
        ?? throw new ArgumentException($"--field: '{name}' is unknown; there are: {string.Join(", ", Fields.Select(field => field.Name))}.");
}
