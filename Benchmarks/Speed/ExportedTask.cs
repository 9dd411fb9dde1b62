using System.Globalization;
using FlowRatio.Benchmarks.Experiments;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Training;
using FlowRatio.Training.Data;

namespace FlowRatio.Benchmarks.Speed;

/// <summary>
/// A trained flow with test points and their true log-ratios in a folder, so that other programs can do the same work: model.safetensors
/// (the network's layers by their names, weight <c>[outputs, inputs]</c> and bias), points.safetensors (points <c>[n, d]</c> in the units of the
/// data, log_ratio <c>[n]</c> in nats) and check.safetensors (<see cref="ExportedCheck"/>).
/// </summary>
/// <param name="Model">The flow; category 1 of its one covariate is the numerator, category 0 the denominator.</param>
/// <param name="Points">Row-major <c>[n, d]</c>.</param>
/// <param name="Truth">True log-ratio of each point.</param>
internal sealed record ExportedTask(FlowModel Model, float[] Points, double[] Truth)
{
    private const string ModelFile = "model.safetensors";
    private const string PointsFile = "points.safetensors";
    private const string Mean = "standardization.mean";
    private const string Scale = "standardization.scale";
    private const int TrainingPoints = 90_000;

    /// <summary>Trains a flow on N(0, I) and N(1, I), both halves of the points drawn anew for the test.</summary>
    public static ExportedTask Train(
        int dimension, int width, int steps, int points, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        var task = new GaussianTask(dimension, 1);
        TrainingSet data = TrainingSet.FromClasses(
            "distribution",
            dimension,
            ("denominator", task.Sample(TrainingPoints / 2, false, 1, 0)),
            ("numerator", task.Sample(TrainingPoints / 2, true, 1, 0)));
        var options = new TrainingOptions { Network = SpeedNetwork.Create(width).Shape, Steps = steps };
        FlowModel model = FlowTrainer.Train(data, options, null, progress, cancellation).Model;
        int below = points / 2;

        // Alternating, so that every chunk holds as many of either.
        float[] denominator = task.Sample(below, false, 1, 1), numerator = task.Sample(points - below, true, 1, 1);
        float[] mixed = [.. Enumerable.Range(0, points).SelectMany(
            r => (r % 2 == 0 ? numerator : denominator).AsSpan(r / 2 * dimension, dimension).ToArray())];
        return new ExportedTask(model, mixed, task.LogRatio(mixed));
    }

    /// <summary>Writes the folder, which may exist.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        float[] parameters = Model.Parameters.ToArray();
        List<SafetensorsTensor> tensors = [];
        foreach (LinearLayer layer in Model.Network.Layers)
        {
            tensors.Add(SafetensorsTensor.Of(
                layer.Name + ".weight", parameters.AsSpan(layer.Offset, layer.Outputs * layer.Inputs), layer.Outputs, layer.Inputs));
            tensors.Add(SafetensorsTensor.Of(layer.Name + ".bias", parameters.AsSpan(layer.BiasOffset, layer.Outputs), layer.Outputs));
        }

        if (Model.Standardization is { } map)
        {
            tensors.Add(SafetensorsTensor.Of(Mean, Single(map.Mean), Model.Dimension));
            tensors.Add(SafetensorsTensor.Of(Scale, Single(map.Scale), Model.Dimension));
        }

        NetworkShape shape = Model.Network.Shape;
        SafetensorsFile.Write(Path.Combine(folder, ModelFile), tensors, new Dictionary<string, string>
        {
            ["dimension"] = Text(shape.Dimension),
            ["categories"] = Text(shape.Covariates[0]),
            ["data_hidden"] = Text(shape.DataHidden),
            ["data_code"] = Text(shape.DataCode),
            ["condition_hidden"] = Text(shape.ConditionHidden),
            ["condition_code"] = Text(shape.ConditionCode),
            ["time_features"] = Text(shape.TimeFeatures),
            ["head_hidden"] = Text(shape.HeadHidden),
            ["head_layers"] = Text(shape.HeadLayers),
        });
        SafetensorsFile.Write(
            Path.Combine(folder, PointsFile),
            [SafetensorsTensor.Of("points", Points, Truth.Length, Model.Dimension), SafetensorsTensor.Of("log_ratio", Truth, Truth.Length)]);
        ExportedCheck.Write(Path.Combine(folder, "check.safetensors"), Model, Points);
    }

    /// <summary>Reads a folder.</summary>
    /// <exception cref="InvalidDataException">A tensor or a size is missing or does not fit.</exception>
    public static ExportedTask Read(string folder)
    {
        SafetensorsFile file = SafetensorsFile.Read(Path.Combine(folder, ModelFile));
        int Size(string name) =>
            file.Metadata.TryGetValue(name, out string? text) && int.TryParse(text, CultureInfo.InvariantCulture, out int size)
                ? size
                : throw new InvalidDataException($"{ModelFile} does not say '{name}'.");

        var network = new VelocityScoreNetwork(new NetworkShape(Size("dimension"), [Size("categories")])
        {
            DataHidden = Size("data_hidden"),
            DataCode = Size("data_code"),
            ConditionHidden = Size("condition_hidden"),
            ConditionCode = Size("condition_code"),
            TimeFeatures = Size("time_features"),
            HeadHidden = Size("head_hidden"),
            HeadLayers = Size("head_layers"),
            TimeScale = 1,
        });
        float[] parameters = new float[network.ParameterCount];
        foreach (LinearLayer layer in network.Layers)
        {
            file[layer.Name + ".weight"].RequireShape(layer.Outputs, layer.Inputs).ToSingle().CopyTo(parameters, layer.Offset);
            file[layer.Name + ".bias"].RequireShape(layer.Outputs).ToSingle().CopyTo(parameters, layer.BiasOffset);
        }

        int dimension = network.Shape.Dimension;
        Standardization? map = file.TryGet(Mean, out SafetensorsTensor? mean)
            ? new Standardization(mean.RequireShape(dimension).ToReal(), file[Scale].RequireShape(dimension).ToReal())
            : null;
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("distribution", ["denominator", "numerator"]));
        SafetensorsFile points = SafetensorsFile.Read(Path.Combine(folder, PointsFile));
        double[] truth = points["log_ratio"].ToDouble();
        return new ExportedTask(
            new FlowModel(network.Shape, parameters, PathSchedule.Deterministic, vocabulary, map),
            points["points"].RequireShape(truth.Length, dimension).ToSingle(),
            truth);
    }

    private static float[] Single(ReadOnlySpan<double> values) => Array.ConvertAll(values.ToArray(), value => (float)value);

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
