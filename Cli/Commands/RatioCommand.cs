using System.CommandLine;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Records;
using FlowRatio.Training.Trust;

namespace FlowRatio.Cli.Commands;

/// <summary><c>ratio</c>: the log-ratio of two conditions at every row of a table.</summary>
internal static class RatioCommand
{
    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("ratio", "Estimate log p(x | numerator) - log p(x | denominator) for every row of a table, in nats.");
        var numerator = new Option<string>("--numerator") { Description = $"The condition above the line: {ConditionText.Syntax}.", Required = true };
        var denominator = new Option<string>("--denominator") { Description = "The condition below the line.", Required = true };
        var arguments = new EstimateArguments(command);
        command.Options.Add(numerator);
        command.Options.Add(denominator);
        var raw = new Option<bool>("--raw") { Description = "The flow's own log-ratio along its trajectories, in place of the one that held-out labels support." };
        command.Options.Add(raw);
        var integration = new IntegrationArguments(command, hasField: true);
        var device = new DeviceArguments(command);
        command.SetAction(failures.Guard((parsed, cancellation) =>
        {
            TrainedModel trained = arguments.ReadModel(parsed);
            ConditionText above = ConditionText.Parse(parsed.GetRequiredValue(numerator), "--numerator", trained);
            ConditionText below = ConditionText.Parse(parsed.GetRequiredValue(denominator), "--denominator", trained);
            if (above.Condition.Equals(below.Condition))
            {
                throw new ArgumentException("--numerator and --denominator are the same condition; their log-ratio is 0 everywhere.");
            }

            EstimationOptions options = integration.Options(parsed);
            if (trained.Stack is { } stack && !parsed.GetValue(raw))
            {
                integration.RequireNone(parsed, raw.Name);
                return Stacked(stack);
            }

            using ComputeBackend backend = device.Create(parsed, WorkEstimate.OfTrajectories(trained.Model.Network.Shape, arguments.Rows(parsed, trained), options.Steps));
            using var estimator = new LogRatioEstimator(trained.Model, options, backend);
            var run = new EstimateRun(arguments, trained, EstimatedQuantity.Ratio(above, below), IntegrationArguments.Describe(options));
            return run.Execute(
                parsed,
                (points, first, progress, token) => estimator.Estimate(points, above.Condition, below.Condition, first, progress, token),
                terminal,
                cancellation);

            int Stacked(RatioStack stack)
            {
                int seen = 0;
                var run = new EstimateRun(arguments, trained, EstimatedQuantity.Ratio(above, below), "cross-fitted stack", stack.Record);
                int code = run.Execute(
                    parsed,
                    (points, _, _, token) =>
                    {
                        StackedRatios found = stack.Estimate(points, above.Condition, below.Condition, device.Threads(parsed), token);
                        seen += found.Seen;
                        return EstimationResult.OfIntervals(found.Values, found.Errors, found.Low, found.High);
                    },
                    terminal,
                    cancellation);
                terminal.Note(stack.Record.Sentence);
                if (seen > 0)
                {
                    terminal.Note($"{seen:#,0} rows were trained on; they are scored by fits that did not see them.");
                }
                else if (run.IsOfTraining)
                {
                    terminal.Note("These are the rows of the training, but none was known again: they are scored by fits that saw them, which flatters.");
                }

                return code;
            }
        }));
        return command;
    }
}
