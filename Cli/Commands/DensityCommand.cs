using System.CommandLine;
using FlowRatio.Cli.Arguments;
using FlowRatio.Cli.Runs;
using FlowRatio.Cli.Terminal;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Estimation;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Commands;

/// <summary><c>density</c>: the log-density of a condition at every row of a table.</summary>
internal static class DensityCommand
{
    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("density", "Estimate log p(x | condition) for every row of a table, in nats.");
        var condition = new Option<string>("--condition") { Description = $"The condition: {ConditionText.Syntax}. Needed unless the model has no conditions." };
        var arguments = new EstimateArguments(command);
        command.Options.Add(condition);
        var integration = new IntegrationArguments(command, hasField: false);
        var device = new DeviceArguments(command);
        command.SetAction(failures.Guard((parsed, cancellation) =>
        {
            TrainedModel trained = arguments.ReadModel(parsed);
            ConditionText wanted = ConditionText.Parse(parsed.GetValue(condition) ?? string.Empty, "--condition", trained);
            EstimationOptions options = integration.Options(parsed);
            using ComputeBackend backend = device.Create(parsed, WorkEstimate.OfTrajectories(trained.Model.Network.Shape, arguments.Rows(parsed, trained), options.Steps));
            using var estimator = new LogDensityEstimator(trained.Model, options, backend);
            var run = new EstimateRun(arguments, trained, EstimatedQuantity.Density(wanted), IntegrationArguments.Describe(options));
            return run.Execute(
                parsed,
                (points, first, progress, token) => estimator.Estimate(points, wanted.Condition, first, progress, token),
                terminal,
                cancellation);
        }));
        return command;
    }
}
