using System.Globalization;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Engine.Models;

/// <summary>Makes a model of a state dict of the PyTorch implementation that was saved as safetensors.</summary>
public static class StateDictImport
{
    private const string Weight = ".weight";

    /// <summary>Reads a state dict; sizes of the network come from the shapes of its tensors.</summary>
    /// <param name="path">The safetensors file.</param>
    /// <param name="schedule">Path schedule of its training, which the weights do not tell.</param>
    /// <param name="vocabulary">Covariates and categories in the order of its one-hot inputs, which the weights do not tell.</param>
    /// <returns>
    /// The model, which is evaluated without implied scores where nothing else is asked for, as there; and the names of tensors that were left out.
    /// </returns>
    /// <remarks>An encoder without inputs (<c>cond_dims=[0]</c>) is no covariate: its constant code becomes part of the heads' biases.</remarks>
    /// <exception cref="InvalidDataException">The file is no such state dict, or of a network that cannot be represented.</exception>
    public static (FlowModel Model, IReadOnlyList<string> Unknown) Read(string path, PathSchedule schedule, ConditionVocabulary vocabulary)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(vocabulary);
        SafetensorsFile file = SafetensorsFile.Read(path);
        try
        {
            return Of(file, schedule, vocabulary);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    private static (FlowModel Model, IReadOnlyList<string> Unknown) Of(
        SafetensorsFile file, PathSchedule schedule, ConditionVocabulary vocabulary)
    {
        List<SafetensorsTensor> data = Chain(file, StateDictionary.DataEncoder);
        RequireEncoder(data);
        List<List<SafetensorsTensor>> conditions = Conditions(file);
        if (conditions.Exists(chain => Inputs(chain[0]) == 0))
        {
            SafetensorsTensor[] heads = [.. ((string[])[StateDictionary.VelocityHead, StateDictionary.ScoreHead]).Select(name => Chain(file, name)[0])];
            file = ConstantCodes.Fold(file, Outputs(data[^1]), conditions, heads);
            conditions = Conditions(file);
        }

        List<SafetensorsTensor> velocity = Chain(file, StateDictionary.VelocityHead), score = Chain(file, StateDictionary.ScoreHead);
        int[] sizes = [.. conditions.Select(chain => Inputs(chain[0]))];
        if (!vocabulary.Sizes.SequenceEqual(sizes))
        {
            throw new InvalidDataException(sizes.Length == 0
                ? $"The network has no condition; ({string.Join(", ", vocabulary.Sizes)}) categories are named: leave the conditions out."
                : $"The network has {sizes.Length} covariates with ({string.Join(", ", sizes)}) categories; "
                    + $"({string.Join(", ", vocabulary.Sizes)}) are named: give each covariate with all its categories, in the order of its one-hot input.");
        }

        NetworkShape shape = Shape(data, conditions, velocity, sizes);
        var network = new VelocityScoreNetwork(shape);
        (LinearLayer Layer, string Name)[] names =
        [
            .. Pair(network.DataEncoder, data),
            .. network.ConditionEncoders.Zip(conditions).SelectMany(pair => Pair(pair.First, pair.Second)),
            .. Pair(network.VelocityHead, velocity),
            .. Pair(network.ScoreHead, score),
        ];
        var model = new FlowModel(shape, StateDictionary.Read(network, file, names), schedule, vocabulary) { ImpliedScore = 0 };
        IEnumerable<string> known = names.SelectMany(entry => (string[])[entry.Name + Weight, $"{entry.Name}.bias"]);
        return (model, [.. file.Names.Except(known).Order(StringComparer.Ordinal)]);
    }

    private static List<List<SafetensorsTensor>> Conditions(SafetensorsFile file)
    {
        List<List<SafetensorsTensor>> chains = [];
        while (file.Names.Any(name => name.StartsWith(StateDictionary.ConditionEncoder(chains.Count) + ".", StringComparison.Ordinal)))
        {
            chains.Add(Chain(file, StateDictionary.ConditionEncoder(chains.Count)));
            RequireEncoder(chains[^1]);
        }

        return chains;
    }

    private static NetworkShape Shape(
        List<SafetensorsTensor> data, List<List<SafetensorsTensor>> conditions, List<SafetensorsTensor> velocity, int[] sizes)
    {
        int conditionCode = conditions.Count == 0 ? 1 : Outputs(conditions[0][^1]);
        int conditionHidden = conditions.Count == 0 ? 1 : Outputs(conditions[0][0]);
        if (conditions.Exists(chain => Outputs(chain[^1]) != conditionCode || Outputs(chain[0]) != conditionHidden))
        {
            throw new InvalidDataException("The encoders of the covariates have different widths; they must be alike.");
        }

        int dimension = Inputs(data[0]), hidden = Outputs(velocity[0]);
        if (velocity.Count < 2 || velocity.SkipLast(1).Any(weight => Outputs(weight) != hidden) || Outputs(velocity[^1]) != dimension)
        {
            throw new InvalidDataException(
                $"'{StateDictionary.VelocityHead}' has layers of ({string.Join(", ", velocity.Select(Outputs))}) outputs; "
                + $"hidden layers of one width and {dimension} outputs are needed.");
        }

        int timeFeatures = Inputs(velocity[0]) - Outputs(data[^1]) - (conditionCode * conditions.Count);
        return timeFeatures == 1 || (timeFeatures > 1 && timeFeatures % 2 == 0)
            ? new NetworkShape(dimension, sizes)
            {
                DataHidden = Outputs(data[0]),
                DataCode = Outputs(data[^1]),
                ConditionHidden = conditionHidden,
                ConditionCode = conditionCode,
                TimeFeatures = timeFeatures,
                TimeScale = 1,
                HeadHidden = hidden,
                HeadLayers = velocity.Count - 1,
            }
            : throw new InvalidDataException(
                $"'{StateDictionary.VelocityHead}' has {Inputs(velocity[0])} inputs, which leaves {timeFeatures} for time features; 1 or an even number is needed.");
    }

    /// <summary>The weights of a Sequential in order of their numbers, whatever modules without weights stand between them.</summary>
    private static List<SafetensorsTensor> Chain(SafetensorsFile file, string name)
    {
        List<(int Number, SafetensorsTensor Weight)> found = [];
        foreach (string tensor in file.Names)
        {
            if (tensor.StartsWith(name + ".", StringComparison.Ordinal) && tensor.EndsWith(Weight, StringComparison.Ordinal)
                && int.TryParse(tensor.AsSpan()[(name.Length + 1)..^Weight.Length], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            {
                found.Add((number, file[tensor]));
            }
        }

        if (found.Count == 0)
        {
            throw new InvalidDataException(
                $"There is no tensor '{name}.0.weight': this is not the state dict of a ConditionalFlowMatchingWithScore; there are: {Some(file.Names)}.");
        }

        return [.. found.OrderBy(entry => entry.Number).Select(entry => entry.Weight.Shape.Length == 2
            ? entry.Weight
            : throw new InvalidDataException($"Tensor '{entry.Weight.Name}' has {entry.Weight.Shape.Length} dimensions; a weight has 2."))];
    }

    private static IEnumerable<(LinearLayer Layer, string Name)> Pair(IReadOnlyList<LinearLayer> layers, List<SafetensorsTensor> weights) =>
        layers.Count == weights.Count
            ? layers.Zip(weights, (layer, weight) => (layer, weight.Name[..^Weight.Length]))
            : throw new InvalidDataException($"'{weights[0].Name}' begins a chain of {weights.Count} layers; {layers.Count} are needed as in the other head.");

    private static void RequireEncoder(List<SafetensorsTensor> chain)
    {
        if (chain.Count != 2)
        {
            throw new InvalidDataException($"The encoder of '{chain[0].Name}' has {chain.Count - 1} hidden layers; one is needed.");
        }
    }

    private static int Outputs(SafetensorsTensor weight) => checked((int)weight.Shape[0]);

    private static int Inputs(SafetensorsTensor weight) => checked((int)weight.Shape[1]);

    private static string Some(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? "none" : string.Join(", ", names.Take(6)) + (names.Count > 6 ? ", ..." : string.Empty);
}
