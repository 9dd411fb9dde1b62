using System.Globalization;
using System.Text;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>A table of two groups, three standard deviations apart, in two batches; and a training of it in a second: the flow alone.</summary>
internal static class SmallTable
{
    public static readonly string[] Tiny = [.. Stacked, "--raw"];

    /// <summary>The same with log-ratios that held-out labels support.</summary>
    public static string[] Stacked => ["--steps", "300", "--width", "16", "--layers", "2", "--threads", "1"];

    /// <summary>Writes the table.</summary>
    public static string Write(TemporaryFolder folder, string name = "cells.csv", int rows = 600)
    {
        float[] noise = new RandomData(91).Normal(2 * rows);
        var text = new StringBuilder("cell,group,batch,x,y\n");
        for (int i = 0; i < rows; i++)
        {
            double shift = i % 3 == 0 ? 3 : 0;
            text.Append(CultureInfo.InvariantCulture, $"c{i},{(i % 3 == 0 ? "treated" : "control")},{(i % 2 == 0 ? "A" : "B")},{noise[2 * i] + shift},{noise[(2 * i) + 1]}\n");
        }

        return folder.Write(name, text.ToString());
    }

    /// <summary>Trains on it.</summary>
    public static ToolRun Train(string data, string model, params string[] more) =>
        ToolRun.Of(["train", data, "-o", model, "--conditions", "group", "--columns", "x,y", .. Tiny, .. more]);
}
