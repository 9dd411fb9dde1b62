using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Reference;

namespace FlowRatio.Tests.Support;

/// <summary>Base of the contract tests: the backend under test beside the reference. A test runs one function on both.</summary>
/// <param name="create">Factory of the backend under test.</param>
public abstract class BackendContract(Func<ComputeBackend> create)
{
    private ComputeBackend? backend;
    private ReferenceBackend? reference;

    /// <summary>The backend under test.</summary>
    protected ComputeBackend Backend => backend!;

    /// <summary>The reference.</summary>
    protected ComputeBackend Reference => reference!;

    /// <summary>Makes the backends.</summary>
    [OneTimeSetUp]
    public void CreateBackends()
    {
        backend = create();
        reference = new ReferenceBackend();
    }

    /// <summary>Frees the backends.</summary>
    [OneTimeTearDown]
    public void DisposeBackends()
    {
        backend?.Dispose();
        reference?.Dispose();
    }

    /// <summary>Runs a function with fresh operands on a backend.</summary>
    protected static T On<T>(ComputeBackend backend, Func<Workspace, T> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        using var workspace = new Workspace(backend);
        return run(workspace);
    }

    /// <summary>Runs a function on both backends and compares what it returns element by element.</summary>
    protected void Compare(string what, Func<Workspace, double[]> run, double[] bounds) =>
        ErrorBound.Check(what, On(Reference, run), On(Backend, run), bounds);

    /// <summary>Runs a function on both backends; the results must be the same numbers (copies, integers, signs).</summary>
    protected void CompareExactly<T>(string what, Func<Workspace, T[]> run) =>
        Assert.That(On(Backend, run), Is.EqualTo(On(Reference, run)), what);
}
