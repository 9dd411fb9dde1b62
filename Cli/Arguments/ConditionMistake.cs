using FlowRatio.Engine.Models;

namespace FlowRatio.Cli.Arguments;

/// <summary>What is wrong with a condition that cannot be read.</summary>
internal static class ConditionMistake
{
    /// <summary>The rest of a sentence about it.</summary>
    /// <param name="text">A text without a reading (<see cref="ConditionReading"/>).</param>
    /// <param name="vocabulary">The model's covariates.</param>
    public static string Of(string text, ConditionVocabulary vocabulary)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach ((string name, string value) in Split(text, vocabulary))
        {
            if (!vocabulary.Names.Contains(name))
            {
                return $"the model has no covariate '{name}'; {NearestName.Suggest(name, vocabulary.Names)}.";
            }

            if (!seen.Add(name))
            {
                return $"'{name}' is given twice.";
            }

            if (value == "*")
            {
                continue;
            }

            if (vocabulary.Covariates.FirstOrDefault(covariate => covariate.Name == name) is { } covariate)
            {
                if (!covariate.Categories.Contains(value))
                {
                    return $"'{name}' has no category '{value}'; {NearestName.Suggest(value, covariate.Categories, Shown(covariate))}.";
                }
            }
            else
            {
                // Throws the sentence about a number that is none.
                _ = vocabulary.Continuous.First(number => number.Name == name).Parse(value);
            }
        }

        return $"'{text}' is no condition; write it as column=value[,column=value].";
    }

    /// <summary>A covariate's categories with their rows, as a list.</summary>
    public static string Categories(CovariateVocabulary covariate) => string.Join(", ", Shown(covariate));

    private static string[] Shown(CovariateVocabulary covariate) =>
        [.. covariate.Categories.Select((category, i) => $"{NameList.Quote(category)}{(covariate.Counts.IsEmpty ? string.Empty : $" ({covariate.Counts[i]:#,0} rows)")}")];

    /// <summary>Splits at commas that are followed by a covariate's name, or else by an equals sign, as the mistake is read most likely.</summary>
    private static List<(string Name, string Value)> Split(string text, ConditionVocabulary vocabulary)
    {
        List<(string Name, string Value)> parts = [];
        foreach (string part in text.Split(','))
        {
            int equals = part.IndexOf('=', StringComparison.Ordinal);
            string name = equals > 0 ? Plain(part[..equals]) : string.Empty;
            bool continues = parts.Count > 0 && (equals <= 0 || (!vocabulary.Names.Contains(name) && NearestName.Near(name, vocabulary.Names).Length == 0));
            if (continues)
            {
                parts[^1] = (parts[^1].Name, $"{parts[^1].Value},{part}");
            }
            else if (equals > 0)
            {
                parts.Add((name, Plain(part[(equals + 1)..])));
            }
            else
            {
                return [];
            }
        }

        return parts;
    }

    private static string Plain(string part) =>
        NameList.TryReadQuoted(part.Trim(), 0, out string name, out int end) && end == part.Trim().Length ? name : part.Trim();
}
