using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Gemm.Ptx;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// NVIDIA's assembler takes every kernel, without spilling registers to memory (unaligned variants: two at most) and with few enough of them for a whole group. It is
/// taken from the variable FLOWRATIO_PTXAS or the path (CUDA 11.8 or later); a card's driver has one of its own.
/// </summary>
public sealed class ProductAssemblyTests
{
    private const int RegistersOfMultiprocessor = 65536;

    // One pair of registers: the unaligned variants, for views at odd offsets, hold more addresses than the others.
    private const int MostSpilledUnaligned = 8;
    private static readonly string[] Kinds = Enum.GetNames<ProductKind>();
    private static readonly ProductPrecision[] Precisions = [ProductPrecision.Fp32, ProductPrecision.Tf32, ProductPrecision.ThreeTf32];

    [Test]
    public void Kernel_assembles_without_spills(
        [ValueSource(nameof(Kinds))] string kindName,
        [ValueSource(nameof(Precisions))] ProductPrecision precision,
        [Values] bool large,
        [Values] bool aligned,
        [Values("sm_80", "sm_90")] string architecture)
    {
        ProductKind kind = Enum.Parse<ProductKind>(kindName);
        string assembler = Find() ?? throw new IgnoreException("No ptxas was found: set FLOWRATIO_PTXAS, or put it on the path.");
        ProductTile tile = precision == ProductPrecision.Fp32
            ? large ? ProductTile.LargeScalar : ProductTile.SmallScalar
            : large ? ProductTile.LargeTensor : ProductTile.SmallTensor;
        ProductKernel kernel = ProductKernel.Create(new ProductVariant(kind, precision, tile, aligned, aligned));
        string report = Assemble(assembler, kernel.Text, architecture);
        Assert.Multiple(() =>
        {
            int spilled = int.Parse(Regex.Match(report, @"(\d+) bytes spill stores").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.That(spilled, Is.LessThanOrEqualTo(aligned ? 0 : MostSpilledUnaligned), report);
            int registers = int.Parse(Regex.Match(report, @"Used (\d+) registers").Groups[1].Value, CultureInfo.InvariantCulture);
            Assert.That(registers * tile.Threads, Is.LessThanOrEqualTo(RegistersOfMultiprocessor));
            TestContext.Out.WriteLine(
                $"{kind} {precision} {(large ? "large" : "small")} {(aligned ? "aligned" : "unaligned")} {architecture}: "
                + $"{registers} registers, {tile.Threads} threads, {kernel.SharedBytes} bytes shared");
        });
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("FLOWRATIO_PTXAS");
        IEnumerable<string> places = (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator).Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ptxas.exe" : "ptxas"));
        return places.Prepend(named).FirstOrDefault(File.Exists);
    }

    private static string Assemble(string assembler, string text, string architecture)
    {
        string folder = Directory.CreateTempSubdirectory("ptx").FullName;
        try
        {
            string source = Path.Combine(folder, "product.ptx");
            File.WriteAllText(source, text);
            var start = new ProcessStartInfo(assembler, ["-v", $"-arch={architecture}", source, "-o", Path.Combine(folder, "product.cubin")])
            {
                RedirectStandardError = true, RedirectStandardOutput = true,
            };
            using Process process = Process.Start(start)!;
            string report = process.StandardError.ReadToEnd() + process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.That(process.ExitCode, Is.Zero, report);
            return report;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
