using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Networks;
using FlowRatio.Kernels;
using FlowRatio.Kernels.Backend;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>
/// The error of products in each precision against double precision, on the shapes of the networks and with the magnitudes that they have there; the
/// output is the table in docs/gpu.md.
/// </summary>
public sealed class ProductAccuracyTests
{
    private static readonly ProductPrecision[] Precisions = [ProductPrecision.Fp32, ProductPrecision.Tf32, ProductPrecision.ThreeTf32];

    /// <summary>Rows, columns and inner steps, and the standard deviations of both factors: activations and weights, or gradients.</summary>
    private static readonly (string Name, int Rows, int Columns, int Depth, double Left, double Right)[] Products =
    [
        ("layer, 1024 inputs", 32, 64, 1024, 1, 1.0 / 32),
        ("layer, 256 inputs", 32, 64, 256, 1, 1.0 / 16),
        ("input gradient, 1024 outputs", 32, 64, 1024, 1e-3, 1.0 / 32),
        ("input gradient, 256 outputs", 32, 64, 256, 1e-3, 1.0 / 16),
        ("weight gradient, 512 rows", 64, 64, 512, 1e-3, 1),
    ];

    [Test]
    public void Rounded_products_train_to_the_bits_of_the_kernels_text([ValueSource(nameof(Precisions))] ProductPrecision precision)
    {
        double[] Train(IProductMachine machine)
        {
            using var backend = new DeviceBackend(new EmulatedDevice(products: machine), precision);
            var shape = new NetworkShape(3, [2]) { HeadHidden = 20, DataHidden = 12 };
            using var training = new SmallTraining(backend, shape, rowsPerClass: 100, batch: 137);
            training.Step(0);
            training.Step(1);
            return [.. training.Results(), .. Workspace.Read(training.Gradients)];
        }

        ErrorBound.CheckBits("parameters, loss, gradients", Train(new PtxMachine()), Train(new RoundedProducts()));
    }

    [Test]
    public void Errors_stay_below_their_bounds([ValueSource(nameof(Precisions))] ProductPrecision precision)
    {
        foreach ((string name, int rows, int columns, int depth, double left, double right) in Products)
        {
            var random = new RandomData(7);
            HostMatrix a = random.Matrix(rows, depth, scale: left), b = random.Matrix(columns, depth, scale: right);
            foreach (bool truncates in precision == ProductPrecision.Fp32 ? (bool[])[false] : (bool[])[false, true])
            {
                (double largest, double root, double ofMagnitudes) = Errors(precision, truncates, a, b);

                // Each factor loses so much, the three products one term more; each sum of float32 rounds once, or cuts off twice as much.
                double factors = precision switch
                {
                    ProductPrecision.Fp32 => 0,
                    ProductPrecision.Tf32 => Math.Pow(2, -10) + Math.Pow(2, -22),
                    _ => 3 * Math.Pow(2, -22),
                };
                int sums = precision switch
                {
                    ProductPrecision.Fp32 => depth,
                    ProductPrecision.Tf32 => depth / 8,
                    _ => 3 * depth / 8,
                };
                double bound = factors + (sums * Math.Pow(2, truncates ? -23 : -24));
                Assert.That(ofMagnitudes, Is.LessThan(bound));
                TestContext.Out.WriteLine(
                    $"| {name} | {precision}{(truncates ? ", sums cut off" : string.Empty)} | {largest:0.0e0} | {root:0.0e0} | {ofMagnitudes:0.0e0} | {bound:0.0e0} |");
            }
        }
    }

    /// <summary>Largest error and root of the mean squared one, of the root of the mean squared result; and the largest of sum |a| |b|.</summary>
    private static (double Largest, double Root, double OfMagnitudes) Errors(
        ProductPrecision precision, bool truncates, HostMatrix a, HostMatrix b)
    {
        using var backend = new DeviceBackend(new EmulatedDevice(products: new RoundedProducts(truncates)), precision);
        using var workspace = new Workspace(backend);
        Matrix result = workspace.Output(a.Rows, b.Rows);
        backend.Linear(workspace.Input(a), workspace.Weight(b), null, Activation.None, StackLayout.Primal(1), result);
        double[] actual = Workspace.Read(result);
        double largest = 0, squares = 0, exactSquares = 0, ofMagnitudes = 0;
        for (int i = 0; i < a.Rows; i++)
        {
            for (int j = 0; j < b.Rows; j++)
            {
                double exact = 0, magnitudes = 0;
                for (int d = 0; d < a.Columns; d++)
                {
                    double product = (double)a.Values[(i * a.Columns) + d] * b.Values[(j * b.Columns) + d];
                    exact += product;
                    magnitudes += Math.Abs(product);
                }

                double error = Math.Abs(actual[(i * b.Rows) + j] - exact);
                largest = Math.Max(largest, error);
                ofMagnitudes = Math.Max(ofMagnitudes, error / magnitudes);
                squares += error * error;
                exactSquares += exact * exact;
            }
        }

        double root = Math.Sqrt(exactSquares / actual.Length);
        return (largest / root, Math.Sqrt(squares / actual.Length) / root, ofMagnitudes);
    }
}
