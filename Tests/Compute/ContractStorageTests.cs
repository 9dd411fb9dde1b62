using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Matrices, parameters, indices and sums: what goes in comes out, views share memory, sizes are checked.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractStorageTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    public void New_storage_is_zero()
    {
        using Matrix matrix = Backend.CreateMatrix(33, 7, 2);
        using ParameterBuffer parameters = Backend.CreateParameters(33);
        using IndexBuffer indices = Backend.CreateIndices(33);
        using Accumulator sums = Backend.CreateAccumulator(33, 2);
        Assert.Multiple(() =>
        {
            Assert.That(Workspace.Read(matrix), Is.All.Zero);
            Assert.That(Workspace.Read(parameters), Is.All.Zero);
            Assert.That(Workspace.Read(indices), Is.All.Zero);
            Assert.That(Workspace.Read(sums), Is.All.Zero);
        });
    }

    [Test]
    public void Floats_go_through_a_matrix_unchanged(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 2, 10, 20, 64)] int columns, [Values] Placement placement)
    {
        HostMatrix data = new RandomData(71).Matrix(rows, columns, 3);
        using var w = new Workspace(Backend);
        Assert.That(Workspace.Read(w.Input(data, placement)), Is.EqualTo(data.Values.Select(value => (double)value)));
    }

    [Test]
    public void Host_elements_may_be_float_or_double()
    {
        double[] source = [0.1, -2.5, 1e-3, 7];
        using Matrix matrix = Backend.CreateMatrix(2, 2);
        using ParameterBuffer parameters = Backend.CreateParameters(4);
        matrix.Write<double>(source);
        parameters.Write<double>(source);
        float[] floats = new float[4];
        matrix.Read<float>(floats);
        Assert.That(floats, Is.EqualTo(source.Select(value => (float)value)));
        parameters.Read<float>(floats);
        Assert.That(floats, Is.EqualTo(source.Select(value => (float)value)));

        // One rounding to the storage precision, relative to the value.
        ErrorBound.Check(
            "doubles", source, Workspace.Read(matrix), ErrorBound.Of(Backend, 1, source.Select(Math.Abs)));
    }

    [Test]
    public void A_view_of_a_view_shares_memory()
    {
        HostMatrix data = new RandomData(72).Matrix(33, 10, 2);
        using var w = new Workspace(Backend);
        Matrix whole = w.Input(data);
        Matrix inner = whole.ViewColumns(2, 6).ViewColumns(3, 2);
        double[] expected = [.. Enumerable.Range(0, 2 * 33 * 2).Select(i => (double)data.Values[(i / 2 * 10) + 5 + (i % 2)])];
        Assert.That(Workspace.Read(inner), Is.EqualTo(expected));

        inner.Write<float>(new float[66], 1);
        double[] after = Workspace.Read(whole);
        Assert.Multiple(() =>
        {
            Assert.That(after[(33 * 10) + 5], Is.Zero);
            Assert.That(after[(33 * 10) + 4], Is.EqualTo(data[1, 0, 4]));
            Assert.That(after[(33 * 10) + 7], Is.EqualTo(data[1, 0, 7]));
        });
    }

    [Test]
    public void A_view_has_the_rows_of_its_owner()
    {
        using Matrix owner = Backend.CreateMatrix(10, 4);
        Matrix view = owner.ViewColumns(1, 2);
        owner.Resize(6);
        Assert.That(view.Rows, Is.EqualTo(6));
        Assert.That(() => view.Resize(3), Throws.InvalidOperationException);
    }

    [Test]
    public void Sums_keep_doubles_and_clear([Values(1, 33)] int rows)
    {
        using var w = new Workspace(Backend);
        Accumulator sums = w.Sums(rows, 3, (s, r) => Math.Sqrt(2 + s + r));
        Assert.That(
            Workspace.Read(sums), Is.EqualTo(Enumerable.Range(0, 3 * rows).Select(i => Math.Sqrt(2 + (i / rows) + (i % rows)))));
        sums.Clear();
        Assert.That(Workspace.Read(sums), Is.All.Zero);
    }

    [Test]
    public void Wrong_sizes_are_refused()
    {
        using Matrix matrix = Backend.CreateMatrix(3, 2, 2);
        using ParameterBuffer parameters = Backend.CreateParameters(4);
        using IndexBuffer indices = Backend.CreateIndices(4);
        using Accumulator sums = Backend.CreateAccumulator(4, 2);
        Assert.Multiple(() =>
        {
            Assert.That(() => Backend.CreateMatrix(0, 1), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Backend.CreateMatrix(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Backend.CreateMatrix(1, 1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Backend.CreateParameters(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Backend.CreateIndices(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => Backend.CreateAccumulator(1, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => matrix.Resize(4), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => matrix.ViewColumns(1, 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => matrix.Write<float>(new float[5]), Throws.ArgumentException);
            Assert.That(() => matrix.Write<float>(new float[6], 2), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => matrix.Read<float>(new float[7]), Throws.ArgumentException);
            Assert.That(() => parameters.Write<float>(new float[3]), Throws.ArgumentException);
            Assert.That(() => indices.Write(new int[3]), Throws.ArgumentException);
            Assert.That(() => indices.Resize(5), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => sums.Read(0, new double[3]), Throws.ArgumentException);
            Assert.That(() => sums.Read(2, new double[4]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(() => sums.Resize(0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }
}
