using System.Globalization;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Training.Records;

namespace FlowRatio.Cli.Arguments;

/// <summary>Conditions as they are typed: <c>col=value[,col=value]</c>; <c>col=*</c>, or leaving it out, drops a covariate.</summary>
internal sealed record ConditionText(string Text, Condition Condition, IReadOnlyList<(string Covariate, string Category)> Named)
{
    private const string DroppedText = "*";

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
    /// <exception cref="ArgumentException">An unknown covariate or category, or one that may not be dropped.</exception>
    public static ConditionText Parse(string text, string option, TrainedModel trained)
    {
        ConditionVocabulary vocabulary = trained.Model.Vocabulary;
        List<(string Covariate, string Category)> named = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string value) in Split(text, option, vocabulary))
        {
            if (!seen.Add(name))
            {
                throw new ArgumentException($"{option}: '{name}' is given twice.");
            }

            if (!vocabulary.Names.Contains(name))
            {
                throw new ArgumentException($"{option}: the model has no covariate '{name}'; {NearestName.Suggest(name, vocabulary.Names)}.");
            }

            if (value == DroppedText)
            {
                continue;
            }

            if (vocabulary.Covariates.FirstOrDefault(covariate => covariate.Name == name) is { } covariate && !covariate.Categories.Contains(value))
            {
                throw new ArgumentException($"{option}: '{name}' has no category '{value}'; {Categories(value, covariate)}.");
            }

            named.Add((name, value));
        }

        Condition condition = vocabulary.Condition([.. named]);
        RequireTrained(condition, option, trained);
        return new ConditionText(text, condition, named);
    }

    /// <summary>Splits at commas that are followed by the name of a covariate: values may contain commas.</summary>
    private static List<(string Name, string Value)> Split(string text, string option, ConditionVocabulary vocabulary)
    {
        List<(string Name, string Value)> parts = [];
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            bool begins = equals > 0 && (parts.Count == 0 || vocabulary.Names.Contains(part[..equals].Trim()));
            if (begins)
            {
                parts.Add((part[..equals].Trim(), part[(equals + 1)..].Trim()));
            }
            else if (parts.Count > 0 && equals < 0)
            {
                parts[^1] = (parts[^1].Name, $"{parts[^1].Value},{part}");
            }
            else if (equals > 0)
            {
                parts.Add((part[..equals].Trim(), part[(equals + 1)..].Trim()));
            }
            else
            {
                throw new ArgumentException($"{option}: '{text}' is no condition; write it as column=value[,column=value].");
            }
        }

        return parts;
    }

    private static void RequireTrained(Condition condition, string option, TrainedModel trained)
    {
        for (int i = 0; i < condition.Categories.Count; i++)
        {
            if (condition.Categories[i] == Condition.Dropped && trained.Training?.ConditionDrop[i] == 0)
            {
                ConditionVocabulary vocabulary = trained.Model.Vocabulary;
                string choice = i < vocabulary.Covariates.Length
                    ? $"category ({Categories(string.Empty, vocabulary.Covariates[i])})"
                    : $"value (from {vocabulary.Continuous[i - vocabulary.Covariates.Length].Smallest:G6} to {vocabulary.Continuous[i - vocabulary.Covariates.Length].Largest:G6})";
                throw new ArgumentException($"{option}: the model was trained without dropping '{vocabulary.Names[i]}'; name its {choice}, or train with --drop.");
            }
        }
    }

    private static string Categories(string value, CovariateVocabulary covariate)
    {
        string[] shown = [.. covariate.Categories.Select((category, i) => covariate.Counts.IsEmpty ? category : $"{category} ({covariate.Counts[i]:#,0} rows)")];
        return value.Length == 0 ? string.Join(", ", shown) : NearestName.Suggest(value, covariate.Categories, shown);
    }
}
