using System.CommandLine;
using FlowRatio.Benchmarks.Experiments;

namespace FlowRatio.Benchmarks.Commands;

/// <summary><c>mi</c>: mutual information of correlated pairs of coordinates as a mean log-ratio.</summary>
internal static class MutualInformationCommand
{
    public static Command Create()
    {
        var command = new Command(
            "mi", "Train on samples with correlated pairs of coordinates and on independent ones; the mean log-ratio of the former is their mutual information.");
        Option<int> dimension = CommandOptions.Number("--dim", 40, "Dimension, even.");
        Option<double> correlation = CommandOptions.Real("--rho", 0.8, "Correlation within each pair, of the data and of the truth.");
        command.Options.Add(dimension);
        command.Options.Add(correlation);
        var arguments = new ExperimentArguments(command, "of the correlated distribution", MutualInformationExperiment.DefaultOptions);
        command.SetAction((parsed, cancellation) => Task.Run(() => CommandFailure.Guard(parsed, () =>
        {
            int d = CommandOptions.AtLeast(parsed, dimension, 2);
            if (d % 2 != 0)
            {
                throw new ArgumentException($"--dim is {d}; an even number is needed.");
            }

            double rho = parsed.GetValue(correlation);
            if (rho is not (> -1 and < 1))
            {
                throw new ArgumentException($"--rho is {rho}; a number in (-1, 1) is needed.");
            }

            ExperimentOptions options = arguments.Options(parsed, given => PublishedProtocol.MutualInformation(given, d));
            arguments.Run(parsed, new MutualInformationExperiment(new BlockCorrelationTask(d, rho), options), options, cancellation);
        })));
        return command;
    }
}
