using System.Globalization;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Arguments;

/// <summary>Conditions as they are typed: <c>col=value[,col=value]</c>; <c>col=*</c>, or leaving it out, drops a covariate.</summary>
internal sealed record ConditionText(string Text, Condition Condition, IReadOnlyList<(string Covariate, string Category)> Named)
{
    /// <summary>The syntax, for help texts.</summary>
    public const string Syntax = "column=value[,column=value]; column=* or leaving it out drops a covariate; "
        + "a column or value can stand in double quotes, which it needs only where the text could be read in two ways";

    /// <summary>Values of continuous covariates that lie outside of what the model was trained on, as a clause; null when there are none.</summary>
    /// <param name="vocabulary">The model's covariates.</param>
    public string? Extrapolation(ConditionVocabulary vocabulary)
    {
        foreach (ContinuousCovariate covariate in vocabulary.Continuous)
        {
            (string? name, string? text) = Named.FirstOrDefault(entry => entry.Covariate == covariate.Name);
            if (name is not null && double.Parse(text, CultureInfo.InvariantCulture) is var value && (value < covariate.Smallest || value > covariate.Largest))
            {
                return $"{name}={text} is outside of the training data ({covariate.Smallest:G6} to {covariate.Largest:G6}): the result is an extrapolation.";
            }
        }

        return null;
    }

    /// <summary>Parses a condition.</summary>
    /// <param name="text">The text.</param>
    /// <param name="option">Name of the option, for messages.</param>
    /// <param name="trained">The model.</param>
    /// <exception cref="ArgumentException">An unknown covariate or category, one that may not be dropped, or a text that can be read in two ways.</exception>
    public static ConditionText Parse(string text, string option, TrainedModel trained)
    {
        ConditionVocabulary vocabulary = trained.Model.Vocabulary;
        if (vocabulary.Names.Count == 0)
        {
            return text is "" or "*"
                ? new ConditionText(string.Empty, vocabulary.Condition([]), [])
                : throw new ArgumentException($"{option} is '{text}', but the model has no conditions; leave {option} out.");
        }

        IReadOnlyList<ConditionReading> readings = ConditionReading.All(text, vocabulary);
        if (readings.Count > 1)
        {
            throw new ArgumentException(
                $"{option}: '{text}' can be read as {string.Join(" or as ", readings.Take(2).Select(reading => $"'{reading.InQuotes}'"))}; type the one that is meant.");
        }

        IReadOnlyList<(string Covariate, string Category)> named = readings.Count == 1
            ? readings[0].Named
            : throw new ArgumentException($"{option}: {ConditionMistake.Of(text, vocabulary)}");
        Condition condition = vocabulary.Condition([.. named]);
        RequireTrained(condition, option, trained);
        return new ConditionText(text, condition, named);
    }

    /// <summary>A condition as it can be typed: without quotes where that is read as the same condition.</summary>
    /// <param name="named">Covariates and their categories or numbers.</param>
    /// <param name="vocabulary">The model's covariates.</param>
    public static string Write(IReadOnlyList<(string Covariate, string Category)> named, ConditionVocabulary vocabulary)
    {
        string plain = string.Join(',', named.Select(entry => $"{entry.Covariate}={entry.Category}"));
        return ConditionReading.All(plain, vocabulary) is [var only] && only.Named.SequenceEqual(named) ? plain : new ConditionReading(named).InQuotes;
    }

    private static void RequireTrained(Condition condition, string option, TrainedModel trained)
    {
        for (int i = 0; i < condition.Categories.Count; i++)
        {
            if (condition.Categories[i] == Condition.Dropped && trained.Training?.ConditionDrop[i] == 0)
            {
                ConditionVocabulary vocabulary = trained.Model.Vocabulary;
                string choice = i < vocabulary.Covariates.Length
                    ? $"category ({ConditionMistake.Categories(vocabulary.Covariates[i])})"
                    : $"value (from {vocabulary.Continuous[i - vocabulary.Covariates.Length].Smallest:G6} to {vocabulary.Continuous[i - vocabulary.Covariates.Length].Largest:G6})";
                throw new ArgumentException($"{option}: the model was trained without dropping '{vocabulary.Names[i]}'; name its {choice}, or train with --drop.");
            }
        }
    }
}
