using System.Text.Json;
using FlowRatio.Kernels;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The command <c>gpu</c>, and <c>--device</c> of the others, with the device that every build has.</summary>
public sealed class GpuCommandTests
{
    private static readonly string Device = DeviceCatalog.Available[^1];

    [Test]
    public void Runs_contract_tests_and_compares_with_the_cpu()
    {
        JsonElement json = CommandLine.Json(
            "gpu", "--device", Device, "--only", "ContractProbesTests", "--dim", "2", "--width", "8", "--batch", "8", "--steps", "2",
            "--points", "3");
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("device").GetString(), Is.EqualTo(Device));
            Assert.That(json.GetProperty("passed").GetInt32(), Is.GreaterThan(50));
            Assert.That(json.GetProperty("failed").GetInt32(), Is.Zero);
            Assert.That(json.GetProperty("loss_difference").GetDouble(), Is.LessThan(1e-5), "two steps differ by a few roundings");
            Assert.That(json.GetProperty("ratio_difference").GetDouble(), Is.LessThan(1e-5));
        });
    }

    [Test]
    public void Gaussian_gives_the_numbers_of_the_cpu()
    {
        double[] Run(string device)
        {
            JsonElement json = CommandLine.Json(
                "gaussian", "--dim", "2", "--steps", "5", "--width", "8", "--batch", "16", "--train-points", "60", "--test-points", "6",
                "--methods", "s3", "--solver-steps", "2", "--base", "none", "--references", "8", "--condition-code", "8", "--device", device);
            Assert.That(json.GetProperty("device").GetString(), Is.EqualTo(device));
            return
            [
                json.GetProperty("train").GetProperty("final_loss").GetDouble(),
                json.GetProperty("methods")[0].GetProperty("mse").GetDouble(),
                json.GetProperty("methods")[0].GetProperty("bias").GetDouble(),
            ];
        }

        // All three are of order one; five steps grow the roundings (6e-8) by no more than Adam's first divisions do.
        Assert.That(Run(Device), Is.EqualTo(Run("cpu")).Within(1e-4));
    }

    [Test]
    public void Speed_measures_every_case_and_counts_its_submissions()
    {
        JsonElement json = CommandLine.Json(
            "gpu", "--speed", "--device", Device, "--cases", "layer,gradient,training step,evaluation s3", "--rows", "3", "--widths", "8",
            "--evaluation-points", "3", "--batch", "4", "--seconds", "0.001", "--megabytes", "1", "--ceiling-groups", "1");
        JsonElement[] rows = [.. json.GetProperty("rows").EnumerateArray()];
        string[] names = [.. rows.Select(row => row.GetProperty("name").GetString()!)];
        Assert.Multiple(() =>
        {
            Assert.That(json.GetProperty("experiment").GetString(), Is.EqualTo("gpu-speed"));
            Assert.That(json.GetProperty("copy_gbps").GetDouble(), Is.Positive);
            Assert.That(json.GetProperty("fp32_tflops").GetDouble(), Is.Positive);
            Assert.That(
                names,
                Is.EqualTo((string[])
                [
                    "layer 3x8x8", "input gradient 3x8x8", "weight gradient 3x8x8", "training step, width 8, batch 4",
                    "evaluation s3, width 8, 3 points",
                ]));
            Assert.That(rows.Select(row => row.GetProperty("median_ms").GetDouble()), Is.All.Positive);
        });
        if (Device == DeviceCatalog.Emulated)
        {
            JsonElement step = rows[Array.IndexOf(names, "training step, width 8, batch 4")];
            Assert.That(step.GetProperty("submissions").GetDouble(), Is.LessThan(10).And.LessThan(step.GetProperty("launches").GetDouble() / 4));
        }
    }

    [Test]
    public void A_precision_that_the_device_lacks_is_refused()
    {
        CommandLine.Refuses(["gaussian", "--device", Device, "--precision", "tf32"], "tensor cores");
        CommandLine.Refuses(["gaussian", "--precision", "3xtf32"], "--device cuda");
        CommandLine.Refuses(["gpu", "--precision", "fp16"], "'fp16'", "fp32, tf32, 3xtf32, portable");
        CommandLine.Refuses(["gpu", "--speed", "--device", Device, "--rows", "many"], "--rows is 'many'");
    }

    [Test]
    public void A_device_that_is_not_here_is_refused_with_the_way_out()
    {
        string absent = DeviceCatalog.Names.Except(DeviceCatalog.Available).First();
        CommandLine.Refuses(["gaussian", "--device", absent], $"'{absent}'", "-p:Gpu=");
        CommandLine.Refuses(["gpu", "--device", absent], "-p:Gpu=");
        CommandLine.Refuses(["gpu", "--device", "tpu"], "'tpu'", "cuda, ilgpu-cpu, emulated");
    }
}
