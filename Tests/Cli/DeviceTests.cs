using System.Diagnostics;
using FlowRatio.Commands.Arguments;
using FlowRatio.Kernels;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Cli;

/// <summary>The tool's devices: found when they are asked for, and not before.</summary>
public sealed class DeviceTests
{
    [Test]
    public void The_list_has_the_processor_and_what_drivers_answer()
    {
        ToolRun run = ToolRun.Of("devices").Succeeds();
        Assert.That(run.Output, Does.Contain(DeviceCatalog.Cpu).And.Contain(DeviceCatalog.IlgpuCpu).And.Contain("GiB").And.Contain("yes"));
    }

    [Test]
    public void Help_and_work_of_the_processor_load_nothing_of_kernels([Values] bool trains)
    {
        using var folder = new TemporaryFolder();
        string[] words = trains
            ? ["train", SmallTable.Write(folder), "-o", folder.File("m.flow"), "--conditions", "group", "--columns", "x,y", "--steps", "2", "--width", "4", "--base", "none", "--device", "auto"]
            : ["--help"];
        using Process process = HostProcess.Start(null, ["loads", .. words]);
        ToolRun run = ToolRun.Finish(process).Succeeds();
        Assert.That(run.Output.Trim(), Is.Empty);
    }

    [Test]
    public void The_list_does_load_them()
    {
        using Process process = HostProcess.Start(null, "loads", "devices");
        Assert.That(ToolRun.Finish(process).Succeeds().Output, Does.Contain("ILGPU"));
    }

    [Test]
    public void Auto_says_what_it_took_and_leaves_small_work_to_the_processor()
    {
        (string name, string reason) = DeviceCatalog.Choose(operations: 1e9);
        Assert.That((name, reason), Is.EqualTo(("cpu", "Device: cpu, since this work takes it about 1 s, which a card's start is not worth.")));
        (name, reason) = DeviceCatalog.Choose(operations: 1e18);
        Assert.That(reason, Does.StartWith($"Device: {name}"));
    }

    [Test]
    public void Auto_is_told_on_the_error_stream()
    {
        using var folder = new TemporaryFolder();
        ToolRun run = ToolRun.Of(
            "train", SmallTable.Write(folder), "-o", folder.File("m.flow"), "--conditions", "group", "--columns", "x,y", "--steps", "2", "--width", "4", "--base", "none",
            "--device", "auto").Succeeds();
        Assert.That(run.Error, Does.Contain("Device: cpu, since"));
    }

    [Test]
    public void Words_for_experts_are_variables_and_not_in_the_help()
    {
        string help = ToolRun.Of("train", "--help").Succeeds().Output;
        Assert.That(help, Does.Contain("--device").And.Contain("opencl[:n]").And.Not.Contain("--precision").And.Not.Contain("--graphs"));
        Environment.SetEnvironmentVariable(DeviceArguments.PrecisionVariable, "fp16");
        try
        {
            using var folder = new TemporaryFolder();
            ToolRun.Of("train", SmallTable.Write(folder), "-o", folder.File("m.flow"), "--conditions", "group", "--columns", "x,y")
                .Refuses(DeviceArguments.PrecisionVariable, "'fp16'", "fp32, tf32, 3xtf32, portable");
        }
        finally
        {
            Environment.SetEnvironmentVariable(DeviceArguments.PrecisionVariable, null);
        }
    }
}
