using System.CommandLine;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Records;

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
            using ComputeBackend backend = device.Create(parsed, WorkEstimate.OfTrajectories(trained.Model.Network.Shape, arguments.Rows(parsed, trained), options.Steps));
            using var estimator = new LogRatioEstimator(trained.Model, options, backend);
            var run = new EstimateRun(arguments, trained, EstimatedQuantity.Ratio(above, below), options);
            return run.Execute(
                parsed,
                (points, first, progress, token) => estimator.Estimate(points, above.Condition, below.Condition, first, progress, token),
                terminal,
                cancellation);
        }));
        return command;
    }
}
