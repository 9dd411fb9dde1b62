using System.Globalization;
using System.Text;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Commands;

/// <summary>
/// A table of three clouds of cells with a cluster, a batch, a donor, an arm and a type; and for each application the words of a run of a
/// second or two on it.
/// </summary>
internal static class CellClouds
{
    public const int Rows = 360;

    /// <summary>Training and integration that take no time.</summary>
    public static readonly string[] Tiny =
    [
        "--steps", "60", "--width", "16", "--batch", "128", "--average", "0.9", "--base", "none", "--solver-steps", "3", "--threads", "1",
    ];

    /// <summary>The applications' names.</summary>
    public static readonly string[] Applications = ["abundance", "batch-effect", "combination", "response"];

    /// <summary>Writes the table.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">Name of the file.</param>
    /// <param name="change">Changes a row's fields (cluster, batch, donor, arm, x, y) before they are written.</param>
    public static string Write(TemporaryFolder folder, string name = "cells.csv", Action<int, string[]>? change = null)
    {
        float[] noise = new RandomData(17).Normal(2 * Rows);
        var text = new StringBuilder("cluster,batch,donor,arm,x,y\n");
        for (int i = 0; i < Rows; i++)
        {
            int cluster = i % 3, batch = i / 3 % 2, donor = i / 6 % 3, arm = i / 18 % 2;
            string[] fields =
            [
                ((string[])["B", "NK", "T"])[cluster],
                $"day {batch + 1}",
                $"p{donor + 1}",
                arm == 0 ? "ctrl" : "stim",
                Number((4 * cluster) + (1.5 * batch) + noise[2 * i]),
                Number((1.5 * arm) + noise[(2 * i) + 1]),
            ];
            change?.Invoke(i, fields);
            text.AppendJoin(',', fields).Append('\n');
        }

        return folder.Write(name, text.ToString());
    }

    /// <summary>The words of a run, without outputs.</summary>
    /// <param name="application">Name of the application.</param>
    /// <param name="file">The table.</param>
    public static string[] Words(string application, string file) =>
    [
        application, file, .. application switch
        {
            "abundance" => (string[])["--clusters", "cluster", "--levels", "0,0.4", "--draws", "2", "--neighbors", "10"],
            "batch-effect" => ["--type", "cluster", "--batch-column", "batch", "--permutations", "39", "--null-trainings", "1"],
            "combination" => ["--first", "donor,batch", "--second", "arm", "--control", "ctrl"],
            _ => ["--arm", "arm", "--treated", "stim", "--control", "ctrl", "--donor", "donor", "--group", "cluster"],
        },
        .. Tiny,
        .. application == "batch-effect" ? Array.Empty<string>() : ["--classifier-width", "8"],
    ];

    private static string Number(double value) => value.ToString("F4", CultureInfo.InvariantCulture);
}
