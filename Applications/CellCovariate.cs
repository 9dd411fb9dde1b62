namespace FlowRatio.Applications;

/// <summary>A categorical property of cells.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">Names of the categories.</param>
/// <param name="Codes">Category of every cell.</param>
public sealed record CellCovariate(string Name, IReadOnlyList<string> Categories, IReadOnlyList<int> Codes)
{
    private const string Joint = " + ";

    /// <summary>Number of cells of each category.</summary>
    public int[] Count()
    {
        int[] counts = new int[Categories.Count];
        foreach (int code in Codes)
        {
            counts[code]++;
        }

        return counts;
    }

    /// <summary>Number of a category.</summary>
    /// <param name="category">Its name.</param>
    /// <exception cref="ArgumentException">Unknown; the message lists those there are.</exception>
    public int IndexOf(string category)
    {
        int index = Enumerable.Range(0, Categories.Count).FirstOrDefault(c => Categories[c] == category, -1);
        return index >= 0
            ? index
            : throw new ArgumentException($"'{Name}' has no category '{category}'; there are: {string.Join(", ", Categories)}.");
    }

    /// <summary>The combinations of several covariates that occur, as one covariate; names are joined by " + ", and one that has that itself stands in double quotes.</summary>
    /// <param name="covariates">The covariates, at least one.</param>
    public static CellCovariate Join(IReadOnlyList<CellCovariate> covariates)
    {
        ArgumentNullException.ThrowIfNull(covariates);
        ArgumentOutOfRangeException.ThrowIfZero(covariates.Count, nameof(covariates));
        if (covariates.Count == 1)
        {
            return covariates[0];
        }

        int cells = covariates[0].Codes.Count;
        long[] keys = new long[cells];
        foreach (CellCovariate covariate in covariates)
        {
            for (int r = 0; r < cells; r++)
            {
                keys[r] = (keys[r] * covariate.Categories.Count) + covariate.Codes[r];
            }
        }

        long[] used = [.. keys.Distinct().Order()];
        Dictionary<long, int> numbers = used.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return new CellCovariate(
            string.Join(Joint, covariates.Select(covariate => covariate.Name)),
            [.. used.Select(Name)],
            [.. keys.Select(key => numbers[key])]);

        string Name(long key)
        {
            string[] parts = new string[covariates.Count];
            for (int i = parts.Length - 1; i >= 0; i--)
            {
                parts[i] = Part(covariates[i].Categories[(int)(key % covariates[i].Categories.Count)]);
                key /= covariates[i].Categories.Count;
            }

            return string.Join(Joint, parts);
        }

        // Else "a + b" with "c" would be the same as "a" with "b + c".
        static string Part(string name) => name.Contains(Joint, StringComparison.Ordinal) || name.StartsWith('"')
            ? $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : name;
    }
}
