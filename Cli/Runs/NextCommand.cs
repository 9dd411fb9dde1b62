using System.Globalization;
using FlowRatio.Cli.Arguments;
using FlowRatio.Commands.Output;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Runs;

/// <summary>The command that can come after a training: a ratio of two of its conditions on its own data, which runs as it is printed.</summary>
internal static class NextCommand
{
    private const string Output = "ratios";

    /// <summary>The command for a shell; null where the model has no two conditions to compare.</summary>
    /// <param name="trained">The model.</param>
    /// <param name="model">Its file.</param>
    /// <param name="data">The file of its data.</param>
    /// <param name="reading">Options that say how the data are read.</param>
    public static string? Of(TrainedModel trained, string model, string data, IReadOnlyList<string> reading)
    {
        ConditionVocabulary vocabulary = trained.Model.Vocabulary;
        int compared = vocabulary.Covariates.ToList().FindIndex(covariate => covariate.Categories.Length > 1);
        compared = compared >= 0 ? compared : vocabulary.Continuous.IsEmpty ? -1 : vocabulary.Covariates.Length;
        if (compared < 0)
        {
            return null;
        }

        string Condition(bool isAbove) => ConditionText.Write(
            [
                .. vocabulary.Names.Index().Where(entry => entry.Index == compared || trained.Training?.ConditionDrop[entry.Index] == 0)
                    .Select(entry => (entry.Item, entry.Index == compared ? Compared(vocabulary, entry.Index, isAbove) : Usual(vocabulary, entry.Index))),
            ],
            vocabulary);
        return ShellText.Line(
        [
            "flowratio", "ratio", ShellText.File(model), ShellText.File(data),
            .. ShellText.Option("--numerator", Condition(isAbove: true)), .. ShellText.Option("--denominator", Condition(isAbove: false)), "-o", FreeName(), .. reading,
        ]);
    }

    private static string Compared(ConditionVocabulary vocabulary, int index, bool isAbove)
    {
        if (index < vocabulary.Covariates.Length)
        {
            return isAbove ? vocabulary.Covariates[index].Categories[^1] : vocabulary.Covariates[index].Categories[0];
        }

        ContinuousCovariate covariate = vocabulary.Continuous[index - vocabulary.Covariates.Length];
        return Text(isAbove ? covariate.Largest : covariate.Smallest);
    }

    /// <summary>What a covariate that is not compared, and was never dropped, is held at: its largest category, or its mean.</summary>
    private static string Usual(ConditionVocabulary vocabulary, int index) => index >= vocabulary.Covariates.Length
        ? Text(vocabulary.Continuous[index - vocabulary.Covariates.Length].Mean)
        : vocabulary.Covariates[index] is { Counts: { IsEmpty: false } counts } covariate
            ? covariate.Categories[counts.IndexOf(counts.Max())]
            : vocabulary.Covariates[index].Categories[0];

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A name that no file has: what is pasted replaces nothing.</summary>
    private static string FreeName() =>
        Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? $"{Output}.csv" : $"{Output}-{i}.csv").First(name => !Path.Exists(name));
}
