namespace FlowRatio.Applications;

/// <summary>A categorical property of cells.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Categories">Names of the categories.</param>
/// <param name="Codes">Category of every cell.</param>
public sealed record CellCovariate(string Name, IReadOnlyList<string> Categories, IReadOnlyList<int> Codes)
{
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
}
