namespace FlowRatio.Applications.Abundance;

/// <summary>Names of the methods of a run.</summary>
public static class AbundanceMethod
{
    /// <summary>Log-ratio of a conditional flow.</summary>
    public const string Flow = "flow";

    /// <summary>MELD.</summary>
    public const string Meld = "meld";

    /// <summary>Log-odds of one classifier at its own training cells, as the flow is used.</summary>
    public const string Classifier = "classifier";

    /// <summary>Log-odds of classifiers that have not seen the cell.</summary>
    public const string CrossFitted = "classifier-crossfit";

    /// <summary>Log-odds of the labels of the nearest neighbours.</summary>
    public const string Neighbors = "knn";

    /// <summary>The true log-ratio: what a perfect estimate would score.</summary>
    public const string Truth = "truth";

    /// <summary>All methods but the truth.</summary>
    public static IReadOnlyList<string> All { get; } = [Flow, Meld, Classifier, CrossFitted, Neighbors];
}
