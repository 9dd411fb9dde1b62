using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Operations that make or move rows: time features, gathering and scattering of condition embeddings.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractRowsTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    [Covers(nameof(ComputeBackend.TimeFeatures))]
    public void Time_features_agree(
        [Values(1, 7, 33, 257)] int rows, [Values(1, 2, 10, 64)] int columns, [Values] Placement placement, [Values(1, 20)] double scale)
    {
        float[] times = new RandomData(5).Uniform(rows, 0, 1);
        times[0] = 0;
        times[^1] = 1;
        double[] Run(Workspace w)
        {
            Matrix features = w.Output(rows, columns, 1, placement);
            w.Backend.TimeFeatures(w.Input(new HostMatrix(1, rows, 1, times), placement), features, scale);
            return Workspace.Read(features);
        }

        // Angles are at most the scale and features at most 1, so an angle rounded to the backend's precision moves a feature by scale roundoffs.
        Compare("features", Run, ErrorBound.Of(Backend, 1, Enumerable.Repeat(scale, rows * columns)));
    }

    [Test]
    [Covers(nameof(ComputeBackend.GatherRows))]
    public void Gathered_rows_are_copies_and_dropped_rows_zero(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 2, 20, 64)] int columns, [Values] Placement placement)
    {
        var data = new RandomData(6);
        HostMatrix table = data.Matrix(5, columns);
        int[] indices = data.Integers(rows, -1, 5);
        CompareExactly(
            "rows",
            w =>
            {
                Matrix output = w.Output(rows, columns, 1, placement);
                w.Backend.GatherRows(w.Input(table, placement), w.Indices(indices), output);
                return Workspace.Read(output);
            });
    }

    [Test]
    [Covers(nameof(ComputeBackend.ScatterRows))]
    public void Scattered_rows_add_up(
        [Values(1, 7, 33, 257)] int rows, [Values(1, 10, 64)] int columns, [Values] Placement placement)
    {
        // Nine table rows, the last of which no index names: it must become zero although it held NaN.
        var data = new RandomData(7);
        HostMatrix dOutput = data.Matrix(rows, columns);
        int[] indices = data.Integers(rows, -1, 8);
        double[] Run(Workspace w, HostMatrix dy)
        {
            Matrix dTable = w.Output(9, columns, 1, placement);
            w.Backend.ScatterRows(w.Input(dy, placement), w.Indices(indices), dTable);
            return Workspace.Read(dTable);
        }

        double[] scales = On(Reference, w => Run(w, dOutput.Magnitudes));
        Compare("dTable", w => Run(w, dOutput), ErrorBound.Of(Backend, rows, scales));
    }

    [Test]
    public void A_batch_of_dropped_conditions_scatters_to_zero()
    {
        HostMatrix dOutput = new RandomData(8).Matrix(40, 10);
        double[] result = On(
            Backend,
            w =>
            {
                Matrix dTable = w.Output(3, 10);
                w.Backend.ScatterRows(w.Input(dOutput), w.Indices([.. Enumerable.Repeat(-1, 40)]), dTable);
                return Workspace.Read(dTable);
            });
        Assert.That(result, Is.All.Zero);
    }
}
