using System.Text.Json;
using FlowRatio.Engine.Networks;

namespace FlowRatio.Tests.Networks;

/// <summary>
/// Tensors of a small network computed by an independent implementation (Tests/Reference/make_golden_network.py, PyTorch in
/// double precision).
/// </summary>
internal sealed class GoldenNetwork
{
    private readonly JsonElement root;

    private GoldenNetwork(JsonElement root)
    {
        this.root = root;
        JsonElement shape = root.GetProperty("shape");
        int Size(string name) => shape.GetProperty(name).GetInt32();
        Shape = new NetworkShape(Size("dimension"), [.. shape.GetProperty("covariates").EnumerateArray().Select(k => k.GetInt32())])
        {
            DataHidden = Size("data_hidden"),
            DataCode = Size("data_code"),
            ConditionHidden = Size("condition_hidden"),
            ConditionCode = Size("condition_code"),
            TimeFeatures = Size("time_features"),
            HeadHidden = Size("head_hidden"),
            HeadLayers = Size("head_layers"),
            TimeScale = 1,
        };
        Network = new VelocityScoreNetwork(Shape);
        Parameters = Flatten(name => root.GetProperty("parameters").GetProperty(name).GetProperty("values"));
        Categories = [.. root.GetProperty("categories").EnumerateArray().Select(column => column.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        Rows = root.GetProperty("rows").GetInt32();
    }

    public NetworkShape Shape { get; }

    public VelocityScoreNetwork Network { get; }

    public double[] Parameters { get; }

    public int[][] Categories { get; }

    public int Rows { get; }

    public IEnumerable<JsonElement> Schedules => root.GetProperty("loss").GetProperty("schedules").EnumerateArray();

    public JsonElement Adam => root.GetProperty("adam");

    public static GoldenNetwork Load()
    {
        string path = Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "golden_network.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new GoldenNetwork(document.RootElement.Clone());
    }

    public double[] Values(string name) => Numbers(root.GetProperty(name));

    public static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(value => value.GetDouble())];

    /// <summary>Named tensors in the order of the flat buffer.</summary>
    public double[] Flatten(Func<string, JsonElement> tensor) =>
    [
        .. Network.Layers.SelectMany(layer => Numbers(tensor(layer.Name + ".weight")).Concat(Numbers(tensor(layer.Name + ".bias")))),
    ];
}
