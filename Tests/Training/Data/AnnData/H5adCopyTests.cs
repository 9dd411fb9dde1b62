using System.Diagnostics;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Training.Data.AnnData;

/// <summary>Copies of h5ad files with new columns.</summary>
public sealed class H5adCopyTests
{
    private static readonly TableColumn[] New =
    [
        new NumberColumn("log_ratio", [0.1, double.NaN, 2, 3, 4, 5]),
        new NumberColumn("certainty", [0.1f, 1, 2, 3, 4, double.NaN], NumberStorage.Real32),
        new NumberColumn("evaluations", [40, 40, 44, 40, 40, 1L << 40], NumberStorage.Whole),
        CategoryColumn.FromText("status", ["converged", "converged", null, "non-finite", "converged", "ü"]),
        new CategoryColumn("part", ["z", "y"], [0, 1, 0, 1, -1, 0]),
        new BooleanColumn("reliable", [true, false, true, true, true, false]),
        new BooleanColumn("perhaps", [true, null, true, true, true, false]),
    ];

    [TestCase("cells.h5ad")]
    [TestCase("cells-old.h5ad")]
    public void New_columns_are_read_and_the_rest_stays(string name)
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string source = folder.Write("source.h5ad", File.ReadAllBytes(TableFixture.PathOf(name))), target = folder.File("target.h5ad");
        File.SetAttributes(source, FileAttributes.ReadOnly);
        H5adCopy.Write(source, target, New);
        Assert.That(File.ReadAllBytes(source), Is.EqualTo(File.ReadAllBytes(TableFixture.PathOf(name))), "the original is untouched");
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(target)!), Has.Length.EqualTo(2));
        using var original = TableFile.Open(source);
        using var copy = TableFile.Open(target);
        Assert.That(copy.Columns, Is.EqualTo(original.Columns.Concat(New.Select(column => column.Name))));
        foreach (TableColumn column in New)
        {
            // The old layout has no missing texts.
            bool isText = name == "cells-old.h5ad" && column is not NumberColumn;
            string?[] expected = isText ? [.. column.ToText().Select(text => text ?? string.Empty)] : column.ToText();
            Assert.That(copy.ReadColumn(column.Name).ToText(), Is.EqualTo(expected), column.Name);
        }

        foreach (string column in original.Columns.Where(column => New.All(added => added.Name != column)))
        {
            Assert.That(copy.ReadColumn(column).ToText(), Is.EqualTo(original.ReadColumn(column).ToText()), column);
        }

        Assert.That(copy.ReadPoints(PointSelection.OfRepresentation("X")), Is.EqualTo(original.ReadPoints(PointSelection.OfRepresentation("X"))));
        File.SetAttributes(source, FileAttributes.Normal);
    }

    [Test]
    public void A_copy_of_a_copy_replaces_columns()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string first = folder.File("first.h5ad"), second = folder.File("second.h5ad");
        H5adCopy.Write(TableFixture.PathOf("cells.h5ad"), first, New);
        H5adCopy.Write(first, second, [new NumberColumn("log_ratio", [6, 5, 4, 3, 2, 1]), new NumberColumn("status", [1, 2, 3, 4, 5, 6])]);
        using var original = TableFile.Open(first);
        using var copy = TableFile.Open(second);
        Assert.That(copy.Columns, Is.EqualTo(original.Columns));
        Assert.That(((NumberColumn)copy.ReadColumn("log_ratio")).Values.ToArray(), Is.EqualTo(new double[] { 6, 5, 4, 3, 2, 1 }));
        Assert.That(((NumberColumn)copy.ReadColumn("status")).Values[5], Is.EqualTo(6));
    }

    [Test]
    public void A_column_that_came_from_elsewhere_is_not_replaced()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string source = TableFixture.PathOf("cells.h5ad"), target = folder.File("target.h5ad");
        using (var table = TableFile.Open(source))
        {
            foreach (string name in table.Columns)
            {
                ArgumentException exception = Assert.Throws<ArgumentException>(() => H5adCopy.Write(source, target, [new NumberColumn(name, [1, 2, 3, 4, 5, 6])]))!;
                Assert.That(exception.Message, Does.Contain($"'{name}' in obs"));
            }
        }

        Assert.That(File.Exists(target), Is.False);
    }

    [Test]
    public void A_column_with_a_slash_in_its_name_is_read_and_not_replaced()
    {
        // As anndata before 0.12 writes it: a group of what stands before the slash.
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string source = folder.File("slash.h5ad"), target = folder.File("target.h5ad");
        H5adCopy.Write(TableFixture.PathOf("cells.h5ad"), source, [new NumberColumn("mine", [1, 2, 3, 4, 5, 6])]);
        using (var file = new Hdf5File(source, isWritable: true))
        {
            using Hdf5Object obs = file.Root.Open("obs");
            using Hdf5Object group = obs.CreateGroup("status"), deeper = group.CreateGroup("day");
            deeper.WriteText("of visit", ["a", "b", "a", "b", "a", "b"]).Dispose();
            obs.SetAttribute("column-order", [.. obs.TextsAttribute("column-order")!, "status/day/of visit"]);
            file.Flush();
        }

        using (var table = TableFile.Open(source))
        {
            Assert.That(table.Columns, Does.Contain("status/day/of visit"));
            Assert.That(table.ReadColumn("status/day/of visit").ToText(), Is.EqualTo(new[] { "a", "b", "a", "b", "a", "b" }));
            Assert.That(() => table.ReadColumn("status/day/none"), Throws.InstanceOf<TableFormatException>());
        }

        Assert.That(Assert.Throws<ArgumentException>(() => H5adCopy.Write(source, target, [new NumberColumn("status", [1, 2, 3, 4, 5, 6])]))!.Message, Does.Contain("'status' in obs"));
        H5adCopy.Write(source, target, [new NumberColumn("b", [1, 2, 3, 4, 5, 6])]);
        using var copy = TableFile.Open(target);
        Assert.That(copy.ReadColumn("status/day/of visit").ToText()[1], Is.EqualTo("b"));
    }

    [Test]
    public void A_file_without_columns_gets_some()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string target = folder.File("target.h5ad");
        H5adCopy.Write(TableFixture.PathOf("types.h5ad"), target, []);
        using var copy = TableFile.Open(target);
        Assert.That(copy.Columns, Has.Count.EqualTo(28));
    }

    [Test]
    public void A_copy_may_have_hundreds_of_columns()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string first = folder.File("first.h5ad"), second = folder.File("second.h5ad");
        TableColumn[] many = [.. Enumerable.Range(0, 400).Select(i => new NumberColumn($"column {i * 7919 % 1000}", [i, 1, 2, 3, 4, 5]))];
        H5adCopy.Write(TableFixture.PathOf("cells.h5ad"), first, many);
        H5adCopy.Write(first, second, [new NumberColumn("last", [1, 2, 3, 4, 5, 6])]);
        using var copy = TableFile.Open(second);
        Assert.That(copy.Columns, Has.Count.EqualTo(411));
        Assert.That(((NumberColumn)copy.ReadColumn(many[399].Name)).Values[0], Is.EqualTo(399));
    }

    [TestCase("cells.h5ad")]
    [TestCase("cells-old.h5ad")]
    public void The_copy_opens_in_anndata(string name)
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string target = folder.File("target.h5ad");
        H5adCopy.Write(TableFixture.PathOf(name), target, New);
        const string Script =
            """
            import sys, math
            try:
                import anndata
            except ImportError:
                print("no anndata"); sys.exit(0)
            before = anndata.read_h5ad(sys.argv[1])
            after = anndata.read_h5ad(sys.argv[2])
            old = "old" in sys.argv[1]
            assert list(after.obs_names) == list(before.obs_names)
            assert list(after.obs.columns) == list(dict.fromkeys(list(before.obs.columns) + "log_ratio certainty evaluations status part reliable perhaps".split())), after.obs.columns
            assert (after.X == before.X).all()
            ratio = after.obs["log_ratio"]
            assert ratio.dtype == "float64" and ratio[0] == 0.1 and math.isnan(ratio[1]) and ratio[5] == 5
            assert after.obs["certainty"].dtype == "float32"
            assert after.obs["evaluations"].dtype == "int64" and after.obs["evaluations"][5] == 2**40
            assert list(after.obs["reliable"]) == [True, False, True, True, True, False] and after.obs["reliable"].dtype == bool
            assert list(after.obs["status"])[3] == "non-finite" and list(after.obs["status"])[5] == "ü"
            if not old:
                assert list(after.obs["part"].cat.categories) == ["z", "y"] and list(after.obs["part"])[:4] == ["z", "y", "z", "y"]
                assert after.obs["part"].isna().tolist() == [False] * 4 + [True, False]
                assert not after.obs["part"].cat.ordered
                assert after.obs["perhaps"].isna().tolist() == [False, True] + [False] * 4
            after.write_h5ad(sys.argv[2] + ".again")
            print("same")
            """;
        string output = RunPython(Script, TableFixture.PathOf(name), target);
        if (output == "no anndata")
        {
            Assert.Ignore("python3 has no anndata.");
        }

        Assert.That(output, Is.EqualTo("same"));
    }

    [Test]
    public void What_does_not_fit_is_refused_before_anything_is_written()
    {
        TableFixture.RequireHdf5();
        using var folder = new TemporaryFolder();
        string source = folder.Write("source.h5ad", File.ReadAllBytes(TableFixture.PathOf("cells.h5ad"))), target = folder.File("target.h5ad");
        double[] six = [1, 2, 3, 4, 5, 6];
        void Refuses(string to, TableColumn[] columns, params string[] parts)
        {
            ArgumentException exception = Assert.Throws<ArgumentException>(() => H5adCopy.Write(source, to, columns))!;
            foreach (string part in parts)
            {
                Assert.That(exception.Message, Does.Contain(part));
            }
        }

        Refuses(source, [new NumberColumn("a", six)], "the file that is read");
        Refuses(target, [new NumberColumn("a", [1])], "'a'", "1 rows", "6");
        Refuses(target, [new NumberColumn("barcode", six)], "'barcode'", "index");
        Refuses(target, [new NumberColumn("a/b", six)], "'a/b'");
        Refuses(target, [new NumberColumn("a", six), new NumberColumn("a", six)], "'a'", "twice");
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(target)!), Is.EqualTo(new[] { source }));
    }

    private static string RunPython(string script, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3", ["-W", "ignore", "-c", script, .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd().Trim();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, error.Result);
            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("There is no python3.");
            return string.Empty;
        }
    }
}
