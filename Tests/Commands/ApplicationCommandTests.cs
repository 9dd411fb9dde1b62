using System.Text.Json;
using FlowRatio.Tests.Cli;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Commands;

/// <summary>The four applications as commands of both programs: what they write, and how they refuse.</summary>
[TestFixtureSource(nameof(Programs))]
public sealed class ApplicationCommandTests(string program)
{
    private static readonly string[] Programs = ["flowratio", "Benchmarks"];

    private static readonly Dictionary<string, string[]> Keys = new()
    {
        ["abundance"] = ["experiment", "options", "device", "clusters", "high_above", "summary", "scores", "seconds"],
        ["batch-effect"] = ["experiment", "options", "device", "held_out_cells", "scores", "sign", "notes", "seconds"],
        ["combination"] =
            ["experiment", "options", "device", "pairs", "left_out", "pearson", "spearman", "pearson_of_logarithms", "cell_pearson", "cell_spearman", "seconds"],
        ["response"] =
            ["experiment", "options", "device", "donors", "groups", "strength", "transfer", "p", "smallest_p", "pearson", "spearman", "pair_pearson", "pair_spearman", "seconds"],
    };

    private TemporaryFolder folder = null!;
    private string file = null!;

    [OneTimeSetUp]
    public void WriteTable()
    {
        folder = new TemporaryFolder();
        file = CellClouds.Write(folder);
    }

    [OneTimeTearDown]
    public void DeleteTable() => folder.Dispose();

    [TestCaseSource(typeof(CellClouds), nameof(CellClouds.Applications))]
    public void Writes_a_table_json_and_a_page(string application)
    {
        JsonElement json = Run(application, file, out string output, out string html);
        Assert.That(json.EnumerateObject().Select(property => property.Name), Is.EqualTo(Keys[application]));
        Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo(application));
        Assert.That(json.GetProperty("options").GetProperty("cells").GetInt32(), Is.EqualTo(CellClouds.Rows));
        Assert.That(json.GetProperty("options").GetProperty("dimension").GetInt32(), Is.EqualTo(2), "the columns of numbers");
        Assert.That(json.GetProperty("options").GetProperty("steps").GetInt32(), Is.EqualTo(60));
        Assert.That(output, Does.Contain("╭").And.Contain("╯"), "a table");
        Assert.That(html, Does.Contain("<!doctype html>").IgnoreCase.And.Contain("</html>"), "from beginning to end");
        Assert.That(html, Does.Contain(program == "flowratio" ? $"flowratio {application}" : $"--project Benchmarks -- {application}"), "the command");
        Assert.That(html, Does.Not.Contain("page.html").And.Not.Contain("src=\"http").And.Not.Contain("href=\"http"));
    }

    [Test]
    public void A_base_alone_is_scored_without_training()
    {
        JsonElement json = Run(
            [.. With(CellClouds.Words("abundance", file), "--base", "free-levels:8"), "--base-alone", "--schedule", "data-noise", "--sigma-min", "0.3"],
            out _,
            out string html);
        Assert.That(json.GetProperty("options").GetProperty("base_alone").GetBoolean());
        Assert.That(json.GetProperty("options").GetProperty("base").GetString(), Is.EqualTo("free-levels:8"));
        JsonElement score = json.GetProperty("scores").EnumerateArray().First(
            entry => entry.GetProperty("method").GetString() == "flow" && entry.GetProperty("level").GetDouble() > 0);
        Assert.That(score.GetProperty("metrics").GetProperty("pr_auc").GetDouble(), Is.InRange(0.0, 1.0));
        Assert.That(html, Does.Contain("--base-alone"), "the command");
        Refuses([.. CellClouds.Words("abundance", file), "--base-alone"], "--base-alone needs a base");
    }

    [TestCase("combination")]
    [TestCase("response")]
    public void Classifiers_are_cross_fitted_as_often_as_asked(string application)
    {
        double Odds(int repeats)
        {
            JsonElement json = Run(application, file, out _, out _, "--classifier-repeats", $"{repeats}");
            Assert.That(json.GetProperty("options").GetProperty("classifier_repeats").GetInt32(), Is.EqualTo(repeats));
            return json.GetProperty(application == "combination" ? "cell_pearson" : "pearson").GetDouble();
        }

        Assert.That(Odds(2), Is.Not.EqualTo(Odds(1)).Within(1e-9), "other log-odds");
        Refuses([.. CellClouds.Words(application, file), "--classifier-repeats", "0"], "--classifier-repeats");
    }

    [TestCase("abundance", "scores", 2 * 2 * 6)]
    [TestCase("batch-effect", "scores", 3)]
    [TestCase("combination", "pairs", 6)]
    [TestCase("response", "donors", 3)]
    public void Reads_h5ad(string application, string list, int count)
    {
        TableFixture.RequireHdf5();
        JsonElement json = Run(application, TableFixture.PathOf("clouds.h5ad"), out _, out _, "--dimensions", "2", "--embedding", "X_umap");
        Assert.That(json.GetProperty("options").GetProperty("coordinates").GetString(), Does.Contain("X_pca"));
        Assert.That(json.GetProperty(list).GetArrayLength(), Is.EqualTo(count));
    }

    [TestCase("abundance", "--clusters", "clutser")]
    [TestCase("batch-effect", "--type", "clutser")]
    [TestCase("batch-effect", "--batch-column", "bacth")]
    [TestCase("combination", "--first", "donro")]
    [TestCase("combination", "--second", "amr")]
    [TestCase("response", "--arm", "amr")]
    [TestCase("response", "--donor", "donro")]
    [TestCase("response", "--group", "clutser")]
    [TestCase("response", "--columns", "x,z")]
    [TestCase("response", "--columns", "PC*")]
    [TestCase("response", "--embedding", "x,UMAP_Y")]
    [TestCase("response", "--representation", "X_pca")]
    [TestCase("batch-effect", "--corrected", "u,v")]
    public void A_name_that_the_file_lacks_is_refused_with_its_option(string application, string option, string value) =>
        Refuses([.. With(CellClouds.Words(application, file), option, value)], option, value.Split(',')[^1].TrimEnd('*'));

    [TestCase("abundance", "--more-treated", "Tcell")]
    [TestCase("abundance", "--more-control", "NKT")]
    [TestCase("combination", "--control", "control")]
    [TestCase("response", "--treated", "stimulated")]
    [TestCase("response", "--control", "control")]
    public void A_category_that_a_column_lacks_is_refused_and_those_there_are_listed(string application, string option, string value) =>
        Refuses([.. With(CellClouds.Words(application, file), option, value)], option, $"'{value}'", application == "abundance" ? "B, NK, T" : "ctrl, stim");

    [TestCase("abundance", "--levels", "0,x")]
    [TestCase("abundance", "--levels", "0.7")]
    [TestCase("abundance", "--draws", "0")]
    [TestCase("abundance", "--methods", "flow,forest")]
    [TestCase("abundance", "--base", "weights:0")]
    [TestCase("batch-effect", "--permutations", "3")]
    [TestCase("batch-effect", "--held-out", "1.5")]
    [TestCase("combination", "--folds", "0")]
    [TestCase("combination", "--field", "s9")]
    [TestCase("response", "--steps", "0")]
    [TestCase("response", "--learning-rate", "-1")]
    [TestCase("response", "--latest-time", "3")]
    [TestCase("combination", "--sigma-min", "0.1")]
    public void A_value_out_of_range_is_refused(string application, string option, string value) =>
        Refuses([.. With(CellClouds.Words(application, file), option, value)], value.Split(',')[^1]);

    [TestCase("batch-effect", "--methods", "flow")]
    [TestCase("batch-effect", "--folds", "2")]
    [TestCase("batch-effect", "--drop", "0.1")]
    [TestCase("batch-effect", "--classifier-width", "8")]
    [TestCase("combination", "--methods", "flow")]
    [TestCase("response", "--methods", "flow")]
    public void What_a_command_does_not_use_is_no_option_of_it(string application, string option, string value) =>
        Refuses([.. CellClouds.Words(application, file), option, value], option);

    [TestCase("0.3", 108)]
    [TestCase("0.4", 144)]
    [TestCase("0.45", 162)]
    public void The_share_held_out_is_the_one_asked_for(string share, int cells)
    {
        JsonElement json = Run([.. CellClouds.Words("batch-effect", file), "--held-out", share], out _, out _);
        Assert.That(json.GetProperty("held_out_cells").GetInt32(), Is.EqualTo(cells), "of 360");
    }

    [Test]
    public void Types_that_say_little_of_batches_are_named()
    {
        string few = CellClouds.Write(folder, "types.csv", (row, fields) =>
        {
            // NK only on day 1; ten cells of T on day 2.
            fields[1] = fields[0] == "NK" || (fields[0] == "T" && row > 60) ? "day 1" : fields[1];
        });
        JsonElement json = Run(CellClouds.Words("batch-effect", few), out string output, out string html);
        Assert.That(json.GetProperty("notes").EnumerateArray().Select(note => note.GetString()), Is.EqualTo(new[]
        {
            "'NK' is in batch 'day 1' only: its 120 cells tell nothing of batches and count as no effect.",
            "'T' has 7 cells of batch 'day 2' for training: with fewer than 20 its scores say little.",
        }));
        Assert.That(output, Does.Contain("Note: 'NK' is in batch 'day 1' only").And.Contain("Note: 'T' has 7 cells").And.Not.Contain("Sign of the correction"));
        Assert.That(html, Does.Contain("Types that say little"));
        Run(CellClouds.Words("batch-effect", file), out output, out _);
        Assert.That(output, Does.Not.Contain("Note").And.Contain("108 held-out cells"));
    }

    [Test]
    public void Without_trainings_on_permuted_labels_there_is_no_p_value()
    {
        JsonElement json = Run([.. With(CellClouds.Words("batch-effect", file), "--null-trainings", "0")], out string output, out string html);
        Assert.That(json.GetProperty("scores").EnumerateArray().Select(score => score.GetProperty("p").ValueKind), Is.All.EqualTo(JsonValueKind.Null));
        Assert.That(output, Does.Contain("No p-value"));
        Assert.That(html, Does.Contain("no p-value without trainings on permuted labels").And.Not.Contain("(0 of them)"));
    }

    [Test]
    public void One_draw_has_no_standard_error()
    {
        Run([.. With(CellClouds.Words("abundance", file), "--draws", "1")], out string output, out _);
        Assert.That(output, Does.Not.Contain("±"));
    }

    [Test]
    public void Names_with_separators_can_be_given()
    {
        string odd = CellClouds.Write(folder, "odd.csv", (_, fields) => (fields[2], fields[3]) = ($"\"{fields[2]}, a + b\"", $"\"x, {fields[3]}\""));
        File.WriteAllText(odd, File.ReadAllText(odd).Replace("cluster,batch,donor,arm", "\"cell, type\",batch,\" donor\",\"a=b,c\"", StringComparison.Ordinal));
        string[] response = [.. CellClouds.Words("response", odd)];
        foreach ((string option, string value) in ((string, string)[])
                 [("--arm", "a=b,c"), ("--treated", "x, stim"), ("--control", "\"x, ctrl\""), ("--donor", "\" donor\""), ("--group", "cell, type")])
        {
            response = [.. With(response, option, value)];
        }

        Assert.That(Run(response, out _, out _).GetProperty("donors").GetArrayLength(), Is.EqualTo(3));
        string[] combination = [.. With(With([.. With(CellClouds.Words("combination", odd), "--first", "\" donor\",batch")], "--second", "a=b,c").ToArray(), "--control", "x, ctrl")];
        Assert.That(Run(combination, out _, out _).GetProperty("pairs").GetArrayLength(), Is.EqualTo(6));
    }

    [TestCaseSource(typeof(CellClouds), nameof(CellClouds.Applications))]
    public void A_row_without_a_category_is_refused_with_its_number(string application)
    {
        string holes = CellClouds.Write(folder, $"{application}-holes.csv", (row, fields) => Array.Fill(fields, string.Empty, 0, row == 41 ? 4 : 0));
        Refuses(CellClouds.Words(application, holes), "row 42", "no value");
    }

    [TestCaseSource(typeof(CellClouds), nameof(CellClouds.Applications))]
    public void A_row_without_a_coordinate_is_refused_with_its_number(string application)
    {
        string holes = CellClouds.Write(folder, $"{application}-gaps.csv", (row, fields) => fields[4] = row == 41 ? string.Empty : fields[4]);
        Refuses([.. CellClouds.Words(application, holes), "--columns", "x,y"], "row 42", "'x'");
    }

    [Test]
    public void A_donor_without_one_arm_is_refused_by_name()
    {
        string missing = CellClouds.Write(folder, "arms.csv", (_, fields) => fields[3] = fields[2] == "p2" ? "ctrl" : fields[3]);
        Refuses(CellClouds.Words("response", missing), "'p2'", "0 treated");
    }

    [Test]
    public void One_arm_alone_is_refused()
    {
        string one = CellClouds.Write(folder, "one-arm.csv", (_, fields) => fields[3] = "ctrl");
        Refuses(CellClouds.Words("response", one), "--treated", "'stim'");
        Refuses(CellClouds.Words("combination", one), "'ctrl'");
    }

    [Test]
    public void One_batch_or_two_clusters_are_refused()
    {
        string few = CellClouds.Write(folder, "few.csv", (_, fields) => (fields[0], fields[1]) = (fields[0] == "T" ? "B" : fields[0], "day 1"));
        Refuses(CellClouds.Words("abundance", few), "2 clusters");
        Refuses(CellClouds.Words("batch-effect", few), "batch");
    }

    [TestCaseSource(typeof(CellClouds), nameof(CellClouds.Applications))]
    public void Outputs_that_cannot_be_written_are_refused_before_any_work(string application)
    {
        Refuses([.. CellClouds.Words(application, file), "--report", Path.Combine(folder.File("nowhere"), "page.html")], "--report", "nowhere");
        Refuses([.. CellClouds.Words(application, file), "--json", Path.GetDirectoryName(file)!], "--json", "folder");
    }

    [TestCaseSource(typeof(CellClouds), nameof(CellClouds.Applications))]
    public void Outputs_do_not_replace_other_files(string application)
    {
        byte[] before = File.ReadAllBytes(file);
        string output = folder.File($"{application}-same");
        Refuses([.. CellClouds.Words(application, file), "--json", file], "--json", file, "FILE");
        Refuses([.. CellClouds.Words(application, file), "--report", file], "--report", file, "FILE");
        Refuses([.. CellClouds.Words(application, file), "--json", output, "--report", output], "--report", output, "--json");
        Assert.That(File.ReadAllBytes(file), Is.EqualTo(before));
        Assert.That(File.Exists(output), Is.False);
    }

    [Test]
    public void A_page_repeats_its_command_for_a_shell()
    {
        Run("combination", file, out _, out string html, "--columns", "x*,y");
        Assert.That(System.Net.WebUtility.HtmlDecode(html), Does.Contain("--columns 'x*,y'"));
    }

    [Test]
    public void A_missing_file_or_option_is_refused()
    {
        Refuses(CellClouds.Words("abundance", folder.File("none.csv")), "none.csv");
        Refuses(["response", file, "--arm", "arm", "--treated", "stim"], "--control");
    }

    private static IEnumerable<string> With(string[] words, string option, string value)
    {
        int at = Array.IndexOf(words, option);
        return at < 0 ? words.Append(option).Append(value) : words.Select((word, i) => i == at + 1 ? value : word);
    }

    private JsonElement Run(string application, string table, out string output, out string html, params string[] more) =>
        Run([.. CellClouds.Words(application, table), .. more], out output, out html);

    private JsonElement Run(string[] words, out string output, out string html)
    {
        string json = folder.File("result.json"), page = folder.File("page.html");
        words = [.. words, "--json", json, "--report", page];
        output = program == "flowratio" ? ToolRun.Of(words).Succeeds().Output : Succeeds(CommandLine.Run(words));
        html = File.ReadAllText(page);
        return JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(json));
    }

    private static string Succeeds(CommandLine run)
    {
        Assert.That(run.ExitCode, Is.Zero, run.Error);
        Assert.That(run.Error.Trim(), Does.Match(@"\A\w+\.\w+: 360 (rows|cells), 2 coordinates \(.*\)\.\z"), "the coordinates, and nothing else");
        return run.Output;
    }

    private void Refuses(string[] words, params string[] parts)
    {
        if (program == "flowratio")
        {
            ToolRun.Of(words).Refuses(parts);
        }
        else
        {
            CommandLine.Refuses(words, parts);
        }
    }
}
