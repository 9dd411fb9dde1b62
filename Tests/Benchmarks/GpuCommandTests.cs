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
                "--methods", "s3", "--solver-steps", "2", "--device", device);
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
    public void A_device_that_is_not_here_is_refused_with_the_way_out()
    {
        string absent = DeviceCatalog.Names.Except(DeviceCatalog.Available).First();
        CommandLine.Refuses(["gaussian", "--device", absent], $"'{absent}'", "-p:Gpu=");
        CommandLine.Refuses(["gpu", "--device", absent], "-p:Gpu=");
        CommandLine.Refuses(["gpu", "--device", "tpu"], "'tpu'", "cuda, ilgpu-cpu, emulated");
    }
}
