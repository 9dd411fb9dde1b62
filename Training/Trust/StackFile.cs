using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Models.Sections;

namespace FlowRatio.Training.Trust;

/// <summary>A <see cref="RatioStack"/> as a section and tensors of a model file.</summary>
internal static class StackFile
{
    /// <summary>Name of the section, and what names of tensors begin with.</summary>
    public const string Key = "stack";

    private const string Prefix = Key + ".";

    /// <summary>Whether a tensor belongs to the stack.</summary>
    public static bool Owns(string tensor) => tensor.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The section.</summary>
    public static string Section(RatioStack stack) => SectionJson.Write(
        new StackSection([.. stack.Members.Select(member => member.Name)], [.. stack.Members.Select(member => member.Variants)], stack.Folds.Repeats, stack.Record));

    /// <summary>The tensors.</summary>
    public static IEnumerable<SafetensorsTensor> Tensors(RatioStack stack)
    {
        long[] categories = [.. stack.Conditions.SelectMany(condition => condition.Categories).Select(category => (long)category)];
        int classes = stack.Conditions.Count, columns = stack.Weights.Stacked.Length, rows = stack.Folds.Digests.Count;
        yield return SafetensorsTensor.Of($"{Prefix}origin", stack.Origin, stack.Origin.Length);
        yield return SafetensorsTensor.Of($"{Prefix}mean", stack.Map.Mean, stack.Map.Mean.Length);
        yield return SafetensorsTensor.Of($"{Prefix}scale", stack.Map.Scale, stack.Map.Scale.Length);
        yield return SafetensorsTensor.Of($"{Prefix}categories", categories, classes, categories.Length / classes);
        yield return SafetensorsTensor.Of($"{Prefix}class_rows", (ReadOnlySpan<long>)[.. stack.Classes.Rows], classes);
        yield return SafetensorsTensor.Of($"{Prefix}owners", (ReadOnlySpan<long>)[.. stack.Weights.Owners.Select(owner => (long)owner)], columns);
        yield return SafetensorsTensor.Of($"{Prefix}weights", stack.Weights.Stacked, columns);
        yield return SafetensorsTensor.Of($"{Prefix}single", stack.Weights.Single, columns);
        yield return SafetensorsTensor.Of($"{Prefix}spread", stack.Weights.Spread, classes);
        yield return SafetensorsTensor.Of($"{Prefix}typical", stack.Weights.Typical, classes);
        yield return SafetensorsTensor.Of($"{Prefix}digests", (ReadOnlySpan<long>)[.. stack.Folds.Digests.Select(digest => unchecked((long)digest))], rows);
        yield return SafetensorsTensor.Of(
            $"{Prefix}folds", (ReadOnlySpan<long>)[.. stack.Folds.Values.Select(fold => (long)fold)], rows, stack.Folds.Repeats);
        for (int i = 0; i < stack.Members.Count; i++)
        {
            foreach (SafetensorsTensor tensor in stack.Members[i].Tensors(MemberPrefix(i)))
            {
                yield return tensor;
            }
        }
    }

    /// <summary>The stack of a file; null where it has none.</summary>
    /// <param name="file">The tensors.</param>
    /// <param name="sections">The sections.</param>
    /// <param name="dimension">d of the model.</param>
    /// <exception cref="InvalidDataException">Something is missing, or does not fit.</exception>
    public static RatioStack? Read(SafetensorsFile file, IReadOnlyDictionary<string, string> sections, int dimension)
    {
        if (!sections.ContainsKey(Key))
        {
            return null;
        }

        StackSection section = SectionJson.Read<StackSection>(sections, Key);
        SafetensorsTensor categories = file[$"{Prefix}categories"], classRows = file[$"{Prefix}class_rows"];
        int classes = classRows.Count, covariates = categories.Count / classes;
        long[] codes = categories.RequireShape(classes, covariates).ToInt64();
        Condition[] conditions =
        [
            .. Enumerable.Range(0, classes).Select(c => new Condition([.. codes.AsSpan(c * covariates, covariates).ToArray().Select(code => (int)code)])),
        ];
        var folds = FoldTable.Restore(
            section.Repeats,
            [.. file[$"{Prefix}digests"].ToInt64().Select(digest => unchecked((ulong)digest))],
            [.. file[$"{Prefix}folds"].ToInt64().Select(fold => (sbyte)Math.Clamp(fold, sbyte.MinValue, sbyte.MaxValue))]);
        int columns = section.Variants.Sum() * new StackParts(conditions).Count;
        var weights = new StackWeights(
            [.. file[$"{Prefix}owners"].RequireShape(columns).ToInt64().Select(owner => (int)owner)],
            file[$"{Prefix}weights"].RequireShape(columns).ToDouble(),
            file[$"{Prefix}single"].RequireShape(columns).ToDouble(),
            file[$"{Prefix}spread"].RequireShape(classes).ToDouble(),
            file[$"{Prefix}typical"].RequireShape(classes).ToDouble());
        return new RatioStack(
            file[$"{Prefix}origin"].RequireShape(dimension).ToDouble(),
            new Standardization(file[$"{Prefix}mean"].RequireShape(dimension).ToDouble(), file[$"{Prefix}scale"].RequireShape(dimension).ToDouble()),
            new StackClasses(conditions, classRows.ToInt64()),
            folds,
            [.. section.Members.Select((name, i) => Member(file, name, MemberPrefix(i), section.Variants[i], dimension, classes))],
            weights,
            section.Record);
    }

    private static string MemberPrefix(int number) => $"{Prefix}{number}.";

    private static StackMember Member(SafetensorsFile file, string name, string prefix, int variants, int dimension, int classes) => name switch
    {
        "linear" => Feature(file, prefix, new CoordinateFeatures(dimension), variants, classes),
        "waves" => Feature(file, prefix, WaveFeatures.Read(file, prefix, dimension), variants, classes),
        "components" => Feature(file, prefix, ComponentFeatures.Read(file, prefix, dimension), variants, classes),
        "trees" => TreeMember.Read(file, prefix, classes),
        "neighbors" => NeighborMember.Read(file, prefix, dimension, classes),
        "head" => HeadMember.Read(file, prefix, dimension, classes),
        _ => throw new InvalidDataException($"The section '{Key}' has the member '{name}', which this program does not know."),
    };

    private static FeatureMember Feature(SafetensorsFile file, string prefix, FeatureMap map, int variants, int classes)
    {
        SafetensorsTensor weights = file[$"{prefix}weights"];
        int fits = (int)weights.Shape[0];
        return new FeatureMember(
            map, classes, weights.RequireShape(fits, variants, classes == 2 ? 1 : classes, map.Count + 1).ToSingle(), variants);
    }

    /// <summary>Section of a stack.</summary>
    /// <param name="Members">Names of the members.</param>
    /// <param name="Variants">Variants of each.</param>
    /// <param name="Repeats">Repeats of the cross-fitting.</param>
    /// <param name="Record">What it found.</param>
    internal sealed record StackSection(IReadOnlyList<string> Members, IReadOnlyList<int> Variants, int Repeats, StackRecord Record);
}
