using System.CommandLine;
using FlowRatio.Applications;
using FlowRatio.Applications.Response;
using FlowRatio.Commands.Arguments;
using FlowRatio.Engine.Compute;

namespace FlowRatio.Commands.Applications;

/// <summary><c>response</c>: which donors and which cells respond to a treatment, with donors as replicates.</summary>
internal static class ResponseCommand
{
    public static Command Create(ICommandHost host)
    {
        var command = new Command(
            "response", "Estimate log p(x | donor, treated) - log p(x | donor, control) of every cell and summarise per donor and group.");
        var cells = new CellArguments(command);
        var arm = new Option<string>("--arm") { Description = "Column with the arm of the cell; it must have two values.", Required = true };
        var treated = new Option<string>("--treated") { Description = "Value of the treated arm.", Required = true };
        var control = new Option<string>("--control") { Description = "Value of the control arm.", Required = true };
        var donor = new Option<string?>("--donor") { Description = "Column with the donor [none: all cells as one, and nothing is said about donors]." };
        var group = new Option<string?>("--group") { Description = "Column with groups of cells to summarise, such as cell types." };
        Option<int> repeats = ApplicationArguments.ClassifierRepeats();
        foreach (Option option in (Option[])[arm, treated, control, donor, group, repeats])
        {
            command.Options.Add(option);
        }

        var application = new ApplicationArguments(command, 2_000, defaultFolds: 2);
        command.SetAction(host.Guard((parsed, cancellation) =>
        {
            var options = new ResponseOptions
            {
                Flow = application.Settings(parsed),
                Classifier = new GroupClassifier { Training = application.Classifier(parsed), Repeats = CommandOptions.AtLeast(parsed, repeats, 1) },
            };
            options.Validate();
            string armColumn = cells.Column(parsed, parsed.GetRequiredValue(arm))!;
            string? donorColumn = cells.Column(parsed, parsed.GetValue(donor)), groupColumn = cells.Column(parsed, parsed.GetValue(group));
            (CellTable table, string coordinates) = cells.Read(
                host, parsed, (arm, [armColumn]), (donor, donorColumn is null ? [] : [donorColumn]), (group, groupColumn is null ? [] : [groupColumn]));
            application.RequireOutputs(parsed, cells);
            using ComputeBackend backend = application.CreateBackend(parsed);
            CellCovariate arms = table.Covariate(armColumn);
            string above = CellArguments.RequireCategory(arms, parsed.GetRequiredValue(treated), treated);
            string below = CellArguments.RequireCategory(arms, parsed.GetRequiredValue(control), control);
            CellCovariate donors = donorColumn is null ? new CellCovariate("donor", ["all"], new int[table.Cells]) : table.Covariate(donorColumn);
            CellCovariate? groups = groupColumn is null ? null : table.Covariate(groupColumn);
            ResponseResult result = host.Track(
                progress => ResponseRun.Run(table, donors, arms, above, below, groups, options, backend, progress, cancellation));
            Dictionary<string, object?> values = ApplicationArguments.Values(parsed, cells.FileName(parsed), coordinates, table);
            bool[] isTreated = [.. arms.Codes.Select(code => code == arms.IndexOf(above))];
            var report = new ResponseReport(values, backend.Name, result);
            report.Print(host.Output);
            application.Write(
                parsed, report.ToJson, () => report.ToPage(table, donors, above, below, isTreated, application.Describe(parsed, values, host.Invocation)));
        }));
        return command;
    }
}
