using FlowRatio.Applications;
using FlowRatio.Applications.Pages;
using FlowRatio.Applications.Response;
using FlowRatio.Reports;
using Spectre.Console;

namespace FlowRatio.Commands.Applications;

/// <summary>What <c>response</c> prints and writes.</summary>
internal sealed class ResponseReport(IReadOnlyDictionary<string, object?> values, string device, ResponseResult result)
{
    /// <summary>Prints one row per donor.</summary>
    public void Print(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (string title in (string[])["donor", "treated", "control", "strength", "by odds", "transfer", "AUC ratio", "AUC odds", "AUC others", "Pearson", "Spearman"])
        {
            table.AddColumn(title, column => column.Alignment = title == "donor" ? Justify.Left : Justify.Right);
        }

        foreach (DonorResponse donor in result.Donors)
        {
            table.AddRow(
                Markup.Escape(donor.Donor),
                $"{donor.Treated}",
                $"{donor.Control}",
                $"{donor.Strength:F3}",
                $"{donor.OddsStrength:F3}",
                $"{donor.Transfer:F3}",
                $"{donor.RatioAuc:F3}",
                $"{donor.OddsAuc:F3}",
                $"{donor.TransferAuc:F3}",
                $"{donor.Pearson:F3}",
                $"{donor.Spearman:F3}");
        }

        console.Write(table);
        string test = result.P is { } p ? $" Permutation over donors: p = {p:F4}, smallest possible {result.SmallestP:F4}." : string.Empty;
        console.MarkupLine(Markup.Escape(
            $"Strength {result.Strength.Mean:F3} [{result.Strength.Low:F3}, {result.Strength.High:F3}] nats.{test} Log-ratio against cross-fitted log-odds: cells Pearson {result.Pearson:F3}, "
            + $"Spearman {result.Spearman:F3}; means Pearson {result.PairPearson:F3}, Spearman {result.PairSpearman:F3}. {result.Seconds:F0} s."));
    }

    /// <summary>The result as it is written.</summary>
    public object ToJson() => new Dictionary<string, object?>
    {
        ["experiment"] = "response",
        ["options"] = values,
        ["device"] = device,
        ["donors"] = result.Donors,
        ["groups"] = result.Groups,
        ["strength"] = result.Strength,
        ["transfer"] = result.Transfer,
        ["p"] = result.P,
        ["smallest_p"] = result.SmallestP,
        ["pearson"] = result.Pearson,
        ["spearman"] = result.Spearman,
        ["pair_pearson"] = result.PairPearson,
        ["pair_spearman"] = result.PairSpearman,
        ["seconds"] = result.Seconds,
    };

    /// <summary>The page.</summary>
    public ReportPage ToPage(
        CellTable cells, CellCovariate donors, string treated, string control, IReadOnlyList<bool> isTreated, RunDescription run) =>
        new ResponsePage(cells, donors, treated, control, isTreated, result, run).Create();
}
