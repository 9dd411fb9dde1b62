using FlowRatio.Engine.Compute;
using FlowRatio.Kernels.Devices;
using FlowRatio.Kernels.Gemm;
using FlowRatio.Kernels.Gemm.Ptx;
using FlowRatio.Kernels.Numerics;

namespace FlowRatio.Kernels.Backend;

/// <summary>
/// The float32 backend of a <see cref="Device"/>: every operation is one or two kernels on one stream, and nothing is copied to the host
/// but what is read. Sums have a fixed order, so results repeat bit by bit on any device of one kind.
/// </summary>
internal sealed partial class DeviceBackend : ComputeBackend
{
    // A training step of width 256 has activations of a few MiB; what is left of a card's memory is for evaluations, half of it so that
    // a second estimator finds room too.
    private const int ShareOfFreeMemory = 2;
    private const int RowsToFillADevice = 1 << 16;

    private readonly HostTransfer transfer;
    private readonly ProductPrecision precision;
    private readonly ProductLaunches? products;
    private readonly Scratch<double> lossParts;
    private readonly Scratch<double> gradientRatio;
    private readonly Scratch<GradientRegion> noRegions;
    private readonly Scratch<float> gatheredTerms;
    private readonly Scratch<float> baseAlong;
    private readonly Scratch<double> baseResponsibilities;
    private readonly Scratch<int> chainHeads;
    private readonly Scratch<int> chainLinks;
    private readonly Dictionary<int, DeviceMemory<double>> frequencies = [];

    /// <summary>Takes a device.</summary>
    /// <param name="device">The device; disposed with the backend.</param>
    /// <param name="precision">How to multiply, where the device has the choice; elsewhere it is float32.</param>
    public DeviceBackend(Device device, ProductPrecision precision = ProductPrecision.Fp32)
    {
        Device = device;
        this.precision = precision;
        products = device.RunsProducts && precision != ProductPrecision.Portable ? new ProductLaunches(device, precision) : null;
        transfer = new HostTransfer(device);
        lossParts = new Scratch<double>(device);
        gradientRatio = new Scratch<double>(device);
        noRegions = new Scratch<GradientRegion>(device);
        gatheredTerms = new Scratch<float>(device);
        baseAlong = new Scratch<float>(device);
        baseResponsibilities = new Scratch<double>(device);
        chainHeads = new Scratch<int>(device);
        chainLinks = new Scratch<int>(device);
    }

    /// <summary>The device.</summary>
    public Device Device { get; }

    /// <inheritdoc/>
    public override string Name => Device.Name;

    /// <inheritdoc/>
    /// <remarks>
    /// 2^-11 with factors rounded to TF32. In three products the second parts lose at most 2^-23 of a factor, their product 2^-22, and tensor
    /// cores cut off where they add: 2^-22.
    /// </remarks>
    public override double UnitRoundoff => products is null ? 1.0 / (1 << 24) : precision switch
    {
        ProductPrecision.Tf32 => 1.0 / (1 << 11),
        ProductPrecision.ThreeTf32 => 1.0 / (1 << 22),
        _ => 1.0 / (1 << 24),
    };

    /// <inheritdoc/>
    public override long WorkspaceBytes => Math.Max(1, Device.FreeBytes / ShareOfFreeMemory);

    /// <inheritdoc/>
    public override int PreferredRows => RowsToFillADevice;

    /// <inheritdoc/>
    public override RepeatedWork CreateRepeatedWork() => Device.CreateRepeatedLaunches();

    /// <inheritdoc/>
    protected override long AllocationMark => Device.Allocations;

    /// <inheritdoc/>
    protected override Matrix CreateMatrixCore(int rows, int columns, int segments) =>
        new DeviceMatrix(transfer, segments, rows, columns);

    /// <inheritdoc/>
    protected override ParameterBuffer CreateParametersCore(int length) => new DeviceParameterBuffer(transfer, length);

    /// <inheritdoc/>
    protected override IndexBuffer CreateIndicesCore(int capacity) => new DeviceIndexBuffer(Device, capacity);

    /// <inheritdoc/>
    protected override Accumulator CreateAccumulatorCore(int rows, int series) => new DeviceAccumulator(Device, series, rows);

    /// <inheritdoc/>
    protected override void FreeSince(long mark) => Device.FreeSince(mark);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Frees all of the device's memory, the scratch areas and what a caller forgot.
            Device.Dispose();
        }

        base.Dispose(disposing);
    }

    private static DeviceMatrix Own(Matrix matrix) => (DeviceMatrix)matrix;

    private static DeviceAccumulator Own(Accumulator sums) => (DeviceAccumulator)sums;

    private static DeviceIndexBuffer Own(IndexBuffer indices) => (DeviceIndexBuffer)indices;

    private static DeviceParameterBuffer Own(ParameterBuffer buffer) => (DeviceParameterBuffer)buffer;

    private static ArrayView<float> Values(ParameterBuffer buffer) => Own(buffer).View;

    private static ArrayView<float> Part(ArrayView<float> all, ParameterView view) =>
        all.SubView(view.Offset, ((long)(view.Rows - 1) * view.Stride) + view.Columns);

    private static Operand Factor(ParameterView view) => Factor(view, Values(view.Buffer));

    private static Operand Factor(ParameterView view, ArrayView<float> all)
    {
        ArrayView<float> values = Part(all, view);
        return new Operand
        {
            Values = values,
            Quads = values.Cast<Float4>(),
            Stride = view.Stride,
            IsAligned = view.Offset % Float4.Count == 0 && view.Stride % Float4.Count == 0 ? 1 : 0,
        };
    }

    private static int DivideUp(int value, int divisor) => (value + divisor - 1) / divisor;

    /// <summary>One thread per element of a matrix.</summary>
    private static LaunchShape Elements(int rows, int columns) => LaunchShape.Elements((long)rows * columns);
}
