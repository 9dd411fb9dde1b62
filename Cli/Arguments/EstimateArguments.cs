using System.CommandLine;
using System.Text.RegularExpressions;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Data.Tables;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Arguments;

/// <summary>What all estimations of a table have: model, data, output, page.</summary>
internal sealed partial class EstimateArguments
{
    private readonly Argument<string> model = new("MODEL") { Description = "A model file." };
    private readonly Argument<string> data = new("DATA") { Description = "A table: .csv or .tsv (also .gz), .npy, .npz, .h5ad." };
    private readonly Option<string> output = new("--output", "-o") { Description = "Where to write: .csv or .tsv (also .gz); or .h5ad for a copy of an h5ad file with new columns in obs.", Required = true, HelpName = "OUT" };
    private readonly Option<string?> keep = new("--keep") { Description = $"Comma-separated columns of DATA to copy into a text output; {NameList.Rule}." };
    private readonly Option<string> prefix = CommandOptions.Word("--prefix", string.Empty, "Put before the names of all new columns.");
    private readonly Option<string?> report = new("--report") { Description = "Write a page with charts to this file (HTML, complete in itself)." };
    private readonly Option<string?> embedding = new("--embedding") { Description = "Plane of the page's map: a representation such as X_umap, or two columns [X_umap; or the first two columns of the representation; or the first two principal components of the columns, not scaled]." };
    private readonly Option<string?> groupBy = new("--group-by") { Description = "Column whose groups the summary and the page compare [the covariate that differs]." };
    private readonly PointArguments points;
    private readonly TableArguments reading;

    public EstimateArguments(Command command)
    {
        command.Arguments.Add(model);
        command.Arguments.Add(data);
        foreach (Option option in (Option[])[output, keep, prefix, report, embedding, groupBy])
        {
            command.Options.Add(option);
        }

        points = new PointArguments(command, PointArguments.OfModel);
        reading = new TableArguments(command);
    }

    public PointArguments Points => points;

    /// <summary>Reads the model.</summary>
    /// <exception cref="InvalidDataException">It is none; the message asks whether both files were exchanged where that is likely.</exception>
    public TrainedModel ReadModel(ParseResult parsed)
    {
        string path = parsed.GetRequiredValue(model), table = Data(parsed);
        bool areExchanged = File.Exists(path) && !SafetensorsFile.Is(path) && (TableName().IsMatch(path) || (File.Exists(table) && SafetensorsFile.Is(table)));
        return areExchanged
            ? throw new InvalidDataException($"{path} is no model file; did you exchange {model.Name} and {data.Name}?")
            : TrainedModel.Read(path);
    }

    public string Data(ParseResult parsed) => parsed.GetRequiredValue(data);

    /// <summary>The data, open for reading.</summary>
    public TableFile Open(ParseResult parsed) => reading.Open(parsed, Data(parsed));

    /// <summary>About how many rows a table can have, by the size of its file: before it is read.</summary>
    public double Rows(ParseResult parsed, TrainedModel trained)
    {
        var file = new FileInfo(Data(parsed));
        return file.Exists ? (double)file.Length / (sizeof(float) * trained.Model.Dimension) : 0;
    }

    /// <summary>Where estimates go, and the page if one is asked for: neither is the other, or a file that is read.</summary>
    public (string Output, string? Page) Outputs(ParseResult parsed)
    {
        var files = new CommandFiles((model.Name, parsed.GetRequiredValue(model)), (data.Name, Data(parsed)));
        return (files.Write("-o", parsed.GetRequiredValue(output)), parsed.GetValue(report) is { } page ? files.Write(report.Name, page) : null);
    }

    public string[] Keep(ParseResult parsed, TableFile? table = null) => CommandOptions.Names(parsed.GetValue(keep), table?.Columns);

    public string Prefix(ParseResult parsed) => parsed.GetRequiredValue(prefix);

    public string? Embedding(ParseResult parsed) => parsed.GetValue(embedding);

    public string? GroupBy(ParseResult parsed) => parsed.GetValue(groupBy);

    [GeneratedRegex(@"\.(csv|tsv|txt|gz|npy|npz|h5ad)\z", RegexOptions.IgnoreCase)]
    private static partial Regex TableName();
}
