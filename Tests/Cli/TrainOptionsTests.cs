using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>Whatever the options of a training write, every command reads.</summary>
public sealed class TrainOptionsTests
{
    private const int Trials = 12;

    private static readonly string[][] Choices =
    [
        ["", "--base none", "--base gaussian", "--base mixture:2", "--base factors", "--base shared:2", "--base weights:2", "--base levels:20",
            "--base free-levels:20", "--base auto", "--base auto"],
        ["", "--pca 2", "--pca 1"],
        ["", "--continuous dose"],
        ["", "--drop 0.3"],
        ["", "--whitening 0", "--whitening 1"],
        ["", "--references 0", "--references 64"],
        ["", "--validation 0 --patience 0", "--validation 0.3"],
        ["", "--min-rows 5"],
        ["", "--schedule data-noise", "--schedule path-noise"],
        ["", "--independent-noise"],
        ["", "--no-standardize"],
        ["", "--no-gate"],
    ];

    [Test]
    public void A_base_that_marginals_rule_out_is_recorded_and_read()
    {
        using var folder = new TemporaryFolder();
        string data = Write(folder);
        Reads(folder, data, ["--base", "auto"]);
    }

    [Test]
    public void Every_combination_of_options_writes_a_model_that_is_read()
    {
        using var folder = new TemporaryFolder();
        string data = Write(folder);
        var random = new Random(7);
        for (int trial = 0; trial < Trials; trial++)
        {
            Reads(folder, data, [.. Choices.SelectMany(choices => choices[random.Next(choices.Length)].Split(' ', StringSplitOptions.RemoveEmptyEntries))]);
        }
    }

    private static void Reads(TemporaryFolder folder, string data, string[] options)
    {
        string model = folder.File("m.flow"), output = folder.File("out.csv"), what = string.Join(' ', options);
        string[] train =
        [
            "train", data, "-o", model, "--conditions", "group", "--columns", "x,y,z", "--steps", "12", "--width", "8", "--layers", "2", "--threads", "1", .. options,
        ];
        ToolRun trained = ToolRun.Of(train);
        if (trained.ExitCode == 2)
        {
            // Options that exclude each other are refused before anything is written.
            Assert.That(File.Exists(model), Is.False, what);
            return;
        }

        Assert.That(trained.ExitCode, Is.Zero, $"{what}: {trained.Error}");
        foreach (string[] command in (string[][])
        [
            ["info", model], [.. train, "--resume"],
            ["ratio", model, data, "--numerator", "group=a", "--denominator", "group=b", "-o", output, "--raw", "--steps", "2", "--threads", "1"],
        ])
        {
            ToolRun run = ToolRun.Of(command);
            Assert.That(run.ExitCode is 0 || (command[0] == "ratio" && run.Error.Contains("dose", StringComparison.Ordinal)), Is.True, $"{what}, {command[0]}: {run.Error}");
        }

        File.Delete(model);
        File.Delete(output);
    }

    /// <summary>Two groups; z is a cube of a normal variable, which no Gaussian fits.</summary>
    private static string Write(TemporaryFolder folder)
    {
        const int rows = 400;
        float[] noise = new RandomData(95).Normal(3 * rows);
        return folder.Write("cells.csv", "group,dose,x,y,z\n" + string.Concat(Enumerable.Range(0, rows).Select(i => string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{(i % 2 == 0 ? "a" : "b")},{i % 5},{noise[3 * i] + (i % 2)},{noise[(3 * i) + 1]},{Math.Pow(noise[(3 * i) + 2], 5)}\n"))));
    }
}
