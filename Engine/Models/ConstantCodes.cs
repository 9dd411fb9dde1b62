using FlowRatio.Engine.Compute;

namespace FlowRatio.Engine.Models;

/// <summary>
/// Condition encoders without inputs, as the PyTorch implementation has them in a model without conditions: their code is a constant, which goes into the
/// biases of the heads' first layers.
/// </summary>
internal static class ConstantCodes
{
    private const string Weight = ".weight";
    private const string Bias = ".bias";

    /// <summary>The state dict without these encoders.</summary>
    /// <param name="file">The state dict.</param>
    /// <param name="dataCode">Width of the data's code, the first inputs of the heads.</param>
    /// <param name="encoders">Weights of every condition encoder, in the order of their codes; those without inputs are folded.</param>
    /// <param name="heads">First weights of the heads.</param>
    public static SafetensorsFile Fold(SafetensorsFile file, int dataCode, List<List<SafetensorsTensor>> encoders, params ReadOnlySpan<SafetensorsTensor> heads)
    {
        List<string> removed = [];
        List<SafetensorsTensor> added = [];
        double[]?[] codes = [.. encoders.Select(chain => chain[0].Shape[1] == 0 ? Code(file, chain) : null)];
        int[] widths = [.. encoders.Select(chain => (int)chain[^1].Shape[0])];
        foreach (SafetensorsTensor head in heads)
        {
            int rows = (int)head.Shape[0], columns = (int)head.Shape[1];
            if (columns < dataCode + widths.Sum())
            {
                throw new InvalidDataException($"Tensor '{head.Name}' has {columns} inputs; the encoders have {dataCode + widths.Sum()} outputs.");
            }

            string biasName = BiasOf(head);
            float[] weights = head.ToSingleRounded();
            double[] bias = [.. file[biasName].RequireShape(rows).ToSingleRounded()];
            bool[] dropped = new bool[columns];
            int at = dataCode;
            for (int c = 0; c < codes.Length; at += widths[c++])
            {
                for (int j = 0; codes[c] is { } code && j < widths[c]; j++)
                {
                    dropped[at + j] = true;
                    for (int r = 0; r < rows; r++)
                    {
                        bias[r] += weights[(r * columns) + at + j] * code[j];
                    }
                }
            }

            float[] kept = [.. weights.Where((_, i) => !dropped[i % columns])];
            removed.AddRange([head.Name, biasName]);
            added.Add(SafetensorsTensor.Of(head.Name, kept, rows, dropped.Count(isDropped => !isDropped)));
            added.Add(SafetensorsTensor.Of(biasName, [.. bias.Select(value => (float)value)], rows));
        }

        // The encoders that stay move up: their number is their covariate's.
        int place = 0;
        for (int c = 0; c < encoders.Count; c++)
        {
            string old = StateDictionary.ConditionEncoder(c) + ".";
            string[] names = [.. file.Names.Where(name => name.StartsWith(old, StringComparison.Ordinal))];
            removed.AddRange(names);
            if (codes[c] is null)
            {
                string now = StateDictionary.ConditionEncoder(place++) + ".";
                added.AddRange(names.Select(name => file[name].Named(now + name[old.Length..])));
            }
        }

        return file.Replace(removed, added);
    }

    private static double[] Code(SafetensorsFile file, List<SafetensorsTensor> chain)
    {
        float[] hidden = file[BiasOf(chain[0])].RequireShape(chain[0].Shape[0]).ToSingleRounded();
        float[] weights = chain[1].RequireShape(chain[1].Shape[0], hidden.Length).ToSingleRounded();
        float[] bias = file[BiasOf(chain[1])].RequireShape(chain[1].Shape[0]).ToSingleRounded();
        return [.. bias.Select((value, i) => value + hidden.Select((h, j) => weights[(i * hidden.Length) + j] * Selu.Value(h)).Sum())];
    }

    private static string BiasOf(SafetensorsTensor weight) => weight.Name[..^Weight.Length] + Bias;
}
