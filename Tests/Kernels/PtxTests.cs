using System.Text.RegularExpressions;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Gemm.Ptx;
using FlowRatio.Kernels.Ilgpu;

namespace FlowRatio.Tests.Kernels;

/// <summary>What ILGPU makes of the kernels for NVIDIA cards, seen without one.</summary>
public sealed class PtxTests
{
    private static readonly Type[] AllKernels =
    [
        .. typeof(LinearKernel).Assembly.GetTypes().Where(
            type => type.IsValueType && type != typeof(ProductLaunch) && type.GetInterfaces().Any(
                i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IKernel<>))),
    ];

    private static readonly Type[] GemmKernels = [typeof(LinearKernel), typeof(InputGradientKernel), typeof(WeightGradientKernel)];

    private static readonly int[] Architectures = [80, 90];

    [Test]
    public void Kernel_compiles_without_local_memory([ValueSource(nameof(AllKernels))] Type kernel, [ValueSource(nameof(Architectures))] int architecture)
    {
        string ptx = Compile(kernel, architecture);
        Assert.That(ptx, Does.Contain(".entry"));
        Assert.That(ptx, Does.Not.Contain(".local"), "registers that were spilt to memory by how the kernel is written");
        Assert.That(Denormals(ptx), Is.Empty, "integers whose bits were taken for a float's: see docs/gpu.md");
    }

    [Test]
    public void A_denormal_constant_is_seen()
    {
        const string text = "selp.b32 %r1, 0f00000001, 0f3F800000, %p; mov.f64 %d, 0d0000000000000001; mov.f32 %f, 0f00000000; mov.f64 %d, 0d3FF0000000000000;";
        Assert.That(Denormals(text), Is.EqualTo((string[])["0f00000001", "0d0000000000000001"]));
    }

    [Test]
    public void Products_keep_their_sums_in_registers_and_load_128_bits(
        [ValueSource(nameof(GemmKernels))] Type kernel, [ValueSource(nameof(Architectures))] int architecture)
    {
        string ptx = Compile(kernel, architecture);
        Assert.Multiple(() =>
        {
            // 64 sums, four steps written out; ptxas fuses mul and add where ILGPU has not.
            Assert.That(Count(ptx, @"\b(fma|mul)(\.rn)?\.f32"), Is.GreaterThanOrEqualTo(4 * 64));
            Assert.That(Count(ptx, @"\bld\.shared\.v4\.f32|\bld\.shared\.v4\.b32"), Is.GreaterThanOrEqualTo(4 * 4), "operands from shared memory");
            Assert.That(Count(ptx, @"\bld\.v4\.|\bld\.global\.v4\."), Is.Positive, "tiles from global memory");
            Assert.That(Count(ptx, @"\bbar\.sync"), Is.EqualTo(2));
        });
    }

    private static string[] Denormals(string ptx) =>
    [
        .. Regex.Matches(ptx, @"\b0f[08]0[0-7][0-9A-Fa-f]{5}\b|\b0d[08]00[0-9A-Fa-f]{13}\b").Select(match => match.Value)
            .Where(value => value[3..].Trim('0').Length > 0),
    ];

    private static int Count(string text, string pattern) => Regex.Count(text, pattern);

    private static string Compile(Type kernel, int architecture)
    {
        using var compiler = new PtxCompiler(architecture / 10, architecture % 10);
        return (string)typeof(PtxCompiler).GetMethod(nameof(PtxCompiler.Compile))!.MakeGenericMethod(kernel).Invoke(compiler, null)!;
    }
}
