using System.CommandLine;
using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>gaussian</c>: log-ratio of two shifted Gaussians against the closed form.</summary>
internal static class GaussianCommand
{
    public static Command Create()
    {
        var command = new Command("gaussian", "Train on samples of N(0, I) and N(shift, I) and compare estimated log-ratios with the exact ones.");
        Option<int> dimension = CommandOptions.Number("--dim", 10, "Dimension.");
        Option<double> shift = CommandOptions.Real("--shift", 1, "Shift of the numerator's mean in every coordinate.");
        command.Options.Add(dimension);
        command.Options.Add(shift);
        var arguments = new ExperimentArguments(command, "both classes together", new ExperimentOptions());
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            var task = new GaussianTask(CommandOptions.AtLeast(parsed, dimension, 1), parsed.GetValue(shift));
            if (!double.IsFinite(task.Shift))
            {
                throw new ArgumentException($"--shift is {task.Shift}; a finite number is needed.");
            }

            ExperimentOptions options = arguments.Options(parsed, given => PublishedProtocol.Gaussian(given, task.Dimension));
            arguments.Run(parsed, new GaussianExperiment(task, options), options, cancellation);
        })));
        return command;
    }
}
