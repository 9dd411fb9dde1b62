namespace FlowRatio.Training.Data.Hdf5;

/// <summary>An open HDF5 file.</summary>
internal sealed unsafe class Hdf5File : IDisposable
{
    private const uint ReadOnly = 0;
    private const uint ReadWrite = 1;
    private const int WholeFile = 1;

    private readonly Hdf5Bytes bytes;
    private readonly Hdf5Handle file;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="isWritable">Whether it will be changed.</param>
    /// <exception cref="Hdf5Exception">It is no HDF5 file.</exception>
    public Hdf5File(string path, bool isWritable = false)
    {
        Hdf5Library library = Hdf5Library.Instance;
        bytes = new Hdf5Bytes(path);
        try
        {
            new Hdf5ObjectHeader(bytes, bytes.RootAddress).RequireSound();
            file = Open(library, path, isWritable);
            Root = new Hdf5Object(file, "/", bytes);
        }
        catch
        {
            file?.Dispose();
            bytes.Dispose();
            throw;
        }
    }

    /// <summary>The root group.</summary>
    public Hdf5Object Root { get; }

    /// <summary>Hands everything to the operating system.</summary>
    public void Flush()
    {
        Hdf5Library library = Hdf5Library.Instance;
        lock (Hdf5Library.Gate)
        {
            _ = library.Check(library.Functions.FlushFile(file.Id, WholeFile));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Root.Dispose();
        file.Dispose();
        bytes.Dispose();
    }

    private static Hdf5Handle Open(Hdf5Library library, string path, bool isWritable)
    {
        lock (Hdf5Library.Gate)
        {
            using Hdf5Handle access = library.Own(library.Functions.CreateList(library.Constant("H5P_CLS_FILE_ACCESS_ID_g")));
            if (library.Optional("H5Pset_file_locking") is not 0 and var setLocking)
            {
                // A folder shared over the network may have no locks; to read there without one is better than not to read.
                var set = (delegate* unmanaged[Cdecl]<long, byte, byte, int>)setLocking;
                _ = library.Check(set(access.Id, 1, 1));
            }

            fixed (byte* name = NativeText.Of(path))
            {
                return library.Own(library.Functions.OpenFile(name, isWritable ? ReadWrite : ReadOnly, access.Id));
            }
        }
    }
}
