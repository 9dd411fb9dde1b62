using FlowRatio.Kernels;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>What the command <c>gpu</c>, and <c>--device</c> of the others, refuse.</summary>
public sealed class GpuCommandTests
{
    private const string Device = DeviceCatalog.IlgpuCpu;

    [Test]
    public void A_precision_that_the_device_lacks_is_refused()
    {
        CommandLine.Refuses(["gpu", "--device", Device, "--precision", "tf32"], "tensor cores");
        CommandLine.Refuses(["gpu", "--precision", "fp16"], "'fp16'", "fp32, tf32, 3xtf32, portable");
        CommandLine.Refuses(["gpu", "--speed", "--device", Device, "--resume"], "--resume needs --json");
        CommandLine.Refuses(["gpu", "--speed", "--device", Device, "--rows", "many"], "--rows is 'many'");
        CommandLine.Refuses(["gpu", "--device", Device, "--graphs", "maybe"], "'maybe'", "on, off");
    }

    [Test]
    public void A_device_that_is_not_here_is_refused_with_the_way_out([Values("cuda:7", "opencl:7")] string absent)
    {
        // No driver, no card, or fewer of them: each is one sentence, and the first two name the processor.
        CommandLine.Refuses(["gaussian", "--device", absent], absent.Split(':')[0] == "cuda" ? "NVIDIA" : "OpenCL", "--device cpu");
        CommandLine.Refuses(["gpu", "--device", "tpu"], "'tpu'", DeviceCatalog.Syntax);
        CommandLine.Refuses(["gaussian", "--device", "cuda:x"], "'cuda:x'", DeviceCatalog.Syntax);
        CommandLine.Refuses(["gaussian", "--device", "cpu:1"], "'cpu:1'", DeviceCatalog.Syntax);
    }
}
