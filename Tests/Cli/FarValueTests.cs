using System.Globalization;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>One far value is told and ruins nothing; coordinates with a large offset give what they give without it.</summary>
public sealed class FarValueTests
{
    private const int Rows = 600;

    [Test]
    public void A_far_value_is_named_and_the_other_rows_keep_their_ratios()
    {
        using var folder = new TemporaryFolder();
        string clean = Write(folder, "clean.csv", 0, null), spoiled = Write(folder, "spoiled.csv", 0, 1e6);
        (double[] expected, _, _) = Ratios(folder, clean);
        (double[] actual, string trained, string estimated) = Ratios(folder, spoiled);
        Assert.That(trained, Does.Contain("x: row 4 is 1E+06"));
        Assert.That(estimated, Does.Contain("row 4").And.Contain("extrapolation"));

        // Twenty deviations in one of 600 rows leave their mark, but a small one beside ratios of some nats.
        double difference = expected.Zip(actual).Where((_, i) => i != 3).Average(pair => Math.Pow(pair.First - pair.Second, 2));
        Assert.That(difference, Is.LessThan(0.2 * expected.Average(value => value * value)));
    }

    [Test]
    public void An_offset_changes_no_ratio()
    {
        using var folder = new TemporaryFolder();
        (double[] expected, _, _) = Ratios(folder, Write(folder, "plain.csv", 0, null));
        (double[] actual, _, _) = Ratios(folder, Write(folder, "moved.csv", 1e7, null));

        // The last digits of coordinates differ, and trainings let roundings grow: no ratio moves by a tenth of their size, and together they hardly do.
        double size = expected.Average(value => value * value);
        Assert.That(expected.Zip(actual).Average(pair => Math.Pow(pair.First - pair.Second, 2)), Is.LessThan(1e-3 * size));
        Assert.That(actual, Is.EqualTo(expected).Within(0.1 * Math.Sqrt(size)));
    }

    private static (double[] Values, string Trained, string Estimated) Ratios(TemporaryFolder folder, string data)
    {
        string model = data + ".flow", output = data + ".out.csv";
        ToolRun trained = SmallTable.Train(data, model).Succeeds();
        ToolRun run = ToolRun.Of(
            "ratio", model, data, "--numerator", "group=treated", "--denominator", "group=control", "-o", output, "--steps", "4", "--threads", "1").Succeeds();
        string[][] lines = [.. File.ReadLines(output).Select(line => line.Split(','))];
        int column = Array.FindIndex(lines[0], name => name.EndsWith("log_ratio", StringComparison.Ordinal));
        return ([.. lines.Skip(1).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture))], trained.Error + trained.Output, run.Error + run.Output);
    }

    private static string Write(TemporaryFolder folder, string name, double offset, double? far)
    {
        float[] noise = new RandomData(91).Normal(2 * Rows);
        return folder.Write(name, "group,x,y\n" + string.Concat(Enumerable.Range(0, Rows).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"{(i % 3 == 0 ? "treated" : "control")},{(i == 3 && far is { } value ? value : offset + noise[2 * i] + (i % 3 == 0 ? 2 : 0))},{offset + noise[(2 * i) + 1]}\n"))));
    }
}
