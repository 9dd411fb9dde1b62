using System.Globalization;
using FlowRatio.Engine.Models;

namespace FlowRatio.Cli.Arguments;

/// <summary>
/// One way to read a condition's text. Covariates and categories are looked for in the text as they are, with all their commas, equals signs and
/// blanks; only where nothing is found so, blanks around them are passed over.
/// </summary>
/// <param name="Named">Covariates and their categories, or numbers; without those that are dropped.</param>
internal sealed record ConditionReading(IReadOnlyList<(string Covariate, string Category)> Named)
{
    private const string DroppedText = "*";

    /// <summary>The condition with everything in double quotes, which has no other reading.</summary>
    public string InQuotes => string.Join(',', Named.Select(entry => $"{NameList.InQuotes(entry.Covariate)}={NameList.InQuotes(entry.Category)}"));

    /// <summary>All readings that differ; none where the text names something that the model does not have.</summary>
    /// <param name="text">The text.</param>
    /// <param name="vocabulary">The model's covariates.</param>
    public static IReadOnlyList<ConditionReading> All(string text, ConditionVocabulary vocabulary)
    {
        List<ConditionReading> exact = new Search(text, vocabulary, passesBlanks: false).Run();
        return exact.Count > 0 ? exact : new Search(text, vocabulary, passesBlanks: true).Run();
    }

    private sealed class Search(string text, ConditionVocabulary vocabulary, bool passesBlanks)
    {
        // Two readings are one too many already.
        private const int MostReadings = 2;
        private readonly List<ConditionReading> found = [];
        private readonly List<(string Name, string? Value)> path = [];

        public List<ConditionReading> Run()
        {
            Follow(0);
            return found;
        }

        /// <summary>Reads <c>column=value</c> from a place on, in every way, and what comes after it.</summary>
        private void Follow(int start)
        {
            foreach ((string name, int afterName) in Words(start, vocabulary.Names, '='))
            {
                if (path.Exists(entry => entry.Name == name))
                {
                    continue;
                }

                foreach ((string? value, int end) in Values(name, afterName + 1))
                {
                    path.Add((name, value));
                    if (end < text.Length)
                    {
                        Follow(end + 1);
                    }
                    else
                    {
                        Keep();
                    }

                    path.RemoveAt(path.Count - 1);
                    if (found.Count == MostReadings)
                    {
                        return;
                    }
                }
            }
        }

        private void Keep()
        {
            var reading = new ConditionReading([.. path.Where(entry => entry.Value is not null).Select(entry => (entry.Name, entry.Value!))]);
            if (!found.Exists(other => other.Named.SequenceEqual(reading.Named)))
            {
                found.Add(reading);
            }
        }

        /// <summary>Values of a covariate that end at a comma or at the end of the text; null for a dropped one.</summary>
        private IEnumerable<(string? Value, int End)> Values(string name, int start)
        {
            int index = vocabulary.Covariates.ToList().FindIndex(covariate => covariate.Name == name);
            IEnumerable<(string Value, int End)> words = index >= 0 ? Words(start, vocabulary.Covariates[index].Categories, ',') : Numbers(start);
            foreach ((string value, int end) in words)
            {
                // A category that is called * is named in quotes.
                if (value != DroppedText || text[Blanks(start)] == '"')
                {
                    yield return (value, end);
                }
            }

            foreach ((_, int end) in Words(start, [DroppedText], ',', areQuoted: false))
            {
                yield return (null, end);
            }
        }

        private IEnumerable<(string Value, int End)> Numbers(int start)
        {
            int comma = text.IndexOf(',', start);
            string number = text[start..(comma < 0 ? text.Length : comma)].Trim().Trim('"');
            if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            {
                yield return (number, comma < 0 ? text.Length : comma);
            }
        }

        /// <summary>Known words from a place on, up to a separator (for a comma also the end of the text), and the place of that; in quotes first.</summary>
        private IEnumerable<(string Word, int End)> Words(int start, IReadOnlyList<string> known, char separator, bool areQuoted = true)
        {
            int begin = Blanks(start);
            if (areQuoted && NameList.TryReadQuoted(text, begin, out string quoted, out int after) && Ends(after, separator) is { } quotedEnd && known.Contains(quoted))
            {
                yield return (quoted, quotedEnd);
                yield break;
            }

            foreach (string word in known)
            {
                if (string.CompareOrdinal(text, begin, word, 0, word.Length) == 0 && Ends(begin + word.Length, separator) is { } end)
                {
                    yield return (word, end);
                }
            }
        }

        private int? Ends(int place, char separator)
        {
            int end = Blanks(place);
            return end < text.Length ? (text[end] == separator ? end : null) : separator == ',' && end == text.Length ? end : null;
        }

        private int Blanks(int place)
        {
            while (passesBlanks && place < text.Length && char.IsWhiteSpace(text[place]))
            {
                place++;
            }

            return place;
        }
    }
}
