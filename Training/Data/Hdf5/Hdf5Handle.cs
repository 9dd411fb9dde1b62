using System.Runtime.InteropServices;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>An identifier of the HDF5 library (file, object, type, space, list), released with one reference.</summary>
internal sealed class Hdf5Handle : SafeHandle
{
    /// <summary>Takes over an identifier.</summary>
    public Hdf5Handle(long id)
        : base(-1, ownsHandle: true) => SetHandle((nint)id);

    /// <summary>The identifier.</summary>
    public long Id => handle;

    /// <inheritdoc/>
    public override bool IsInvalid => handle < 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Hdf5Library.Instance.Release(handle);
}
