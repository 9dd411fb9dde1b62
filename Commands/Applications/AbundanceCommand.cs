using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Applications.Abundance;
using FlowRatio.Commands.Arguments;
using FlowRatio.Engine.Compute;

namespace FlowRatio.Commands.Applications;

/// <summary><c>abundance</c>: differential abundance on semi-synthetic labels, against MELD, a classifier and neighbours.</summary>
internal static class AbundanceCommand
{
    public static Command Create(ICommandHost host)
    {
        var command = new Command(
            "abundance", "Draw treatment per cell with probabilities that depend on its cluster, and score how well log-ratios find the changed cells.");
        var cells = new CellArguments(command);
        var clusters = new Option<string>("--clusters") { Description = "Column with the clusters.", Required = true };
        var treated = new Option<string?>("--more-treated") { Description = "Comma-separated clusters treated with probability 1/2 + r [second largest]." };
        var control = new Option<string?>("--more-control") { Description = "Comma-separated clusters treated with probability 1/2 - r [third largest]." };
        var levels = CommandOptions.Word("--levels", "0,0.05,0.1,0.2,0.3,0.4,0.45,0.5", "Comma-separated levels r.");
        var seeds = CommandOptions.Number("--draws", 3, "Draws of labels, each with a training per level; their seeds count up from --seed.");
        var neighbors = CommandOptions.Number("--neighbors", 50, "Neighbours whose labels are counted.");
        foreach (Option option in (Option[])[clusters, treated, control, levels, seeds, neighbors])
        {
            command.Options.Add(option);
        }

        var application = new ApplicationArguments(command, 3_000, AbundanceMethod.All, 1);
        command.SetAction(host.Guard((parsed, cancellation) =>
        {
            ulong seed = application.Seed(parsed);
            var options = new AbundanceOptions
            {
                Levels = [.. CommandOptions.Names(parsed.GetValue(levels)).Select(text => ApplicationArguments.Real("--levels", text))],
                Seeds = [.. Enumerable.Range(0, CommandOptions.AtLeast(parsed, seeds, 1)).Select(i => seed + (ulong)i)],
                Methods = application.Methods(parsed),
                Flow = application.Settings(parsed),
                Classifier = application.Classifier(parsed),
                Neighbors = CommandOptions.AtLeast(parsed, neighbors, 1),
            };
            options.Validate();
            string column = cells.Column(parsed, parsed.GetRequiredValue(clusters))!;
            (CellTable table, string coordinates) = cells.Read(host, parsed, (clusters, [column]));
            CellCovariate cluster = table.Covariate(column);
            string[] more = Clusters(parsed, treated, cluster), less = Clusters(parsed, control, cluster);
            ClusterRole[] roles = more.Length + less.Length == 0 ? ClusterRoles.BySize(cluster.Count()) : ClusterRoles.ByName(cluster.Categories, more, less);
            application.RequireOutputs(parsed, cells);
            using ComputeBackend backend = application.CreateBackend(parsed);
            AbundanceResult result = host.Track(progress => AbundanceRun.Run(table, cluster, roles, options, backend, progress, cancellation));
            Dictionary<string, object?> values = ApplicationArguments.Values(parsed, cells.FileName(parsed), coordinates, table);
            var report = new AbundanceReport(values, backend.Name, cluster, options, result);
            report.Print(host.Output);
            application.Write(parsed, report.ToJson, () => report.ToPage(table, application.Describe(parsed, values, host.Invocation)));
        }));
        return command;
    }

    private static string[] Clusters(ParseResult parsed, Option<string?> option, CellCovariate clusters) =>
        [.. CommandOptions.Names(parsed.GetValue(option), [.. clusters.Categories]).Select(name => CellArguments.RequireCategory(clusters, name, option))];
}
