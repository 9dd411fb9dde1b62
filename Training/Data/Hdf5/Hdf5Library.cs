using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// The system's HDF5 library, versions 1.8 to 2: the functions that are used, under one lock since the serial library is not made for threads.
/// Identifiers are 64 bits wide here; versions before 1.10 return 32, which are widened. Only functions that have kept name and signature
/// over all versions are used, or their successors are looked for.
/// </summary>
internal sealed unsafe class Hdf5Library
{
    private static readonly Lazy<Hdf5Library> Loaded = new(() => new Hdf5Library());

    [ThreadStatic]
    private static List<string>? errors;

    private readonly nint library;
    private readonly bool isNarrow;

    private Hdf5Library()
    {
        library = Hdf5Locations.Load();
        lock (Gate)
        {
            Functions = new Hdf5Functions(library);

            // At the end of the process the library would write again what a full disk has refused, and crash.
            var leaveExit = (delegate* unmanaged[Cdecl]<int>)Hdf5Functions.Find(library, "H5dont_atexit");
            _ = leaveExit();
            var open = (delegate* unmanaged[Cdecl]<int>)Hdf5Functions.Find(library, "H5open");
            if (open() < 0)
            {
                throw new Hdf5UnavailableException("The HDF5 library does not start.");
            }

            // The library would print its errors; they become exceptions here.
            var setAuto = (delegate* unmanaged[Cdecl]<long, nint, nint, int>)Hdf5Functions.Find(library, "H5Eset_auto2");
            _ = setAuto(0, 0, 0);
            uint major, minor, release;
            var version = (delegate* unmanaged[Cdecl]<uint*, uint*, uint*, int>)Hdf5Functions.Find(library, "H5get_libversion");
            _ = version(&major, &minor, &release);
            Version = new Version((int)major, (int)minor, (int)release);
            isNarrow = Version < new Version(1, 10);
        }
    }

    /// <summary>The library, loaded at the first use.</summary>
    /// <exception cref="Hdf5UnavailableException">It is not on this machine.</exception>
    public static Hdf5Library Instance
    {
        get
        {
            try
            {
                return Loaded.Value;
            }
            catch (EntryPointNotFoundException exception)
            {
                throw new Hdf5UnavailableException($"The HDF5 library found here is of another kind: {exception.Message}");
            }
        }
    }

    /// <summary>Held around every call.</summary>
    public static Lock Gate { get; } = new();

    /// <summary>Version of the library.</summary>
    public Version Version { get; }

    /// <summary>Whether the library is on this machine.</summary>
    /// <param name="reason">Why not.</param>
    public static bool IsAvailable(out string reason)
    {
        try
        {
            _ = Instance;
            reason = string.Empty;
            return true;
        }
        catch (Hdf5UnavailableException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <summary>Its functions.</summary>
    public Hdf5Functions Functions { get; }

    /// <summary>A function that some versions have; zero where this one has not.</summary>
    public nint Optional(string name) => NativeLibrary.TryGetExport(library, name, out nint address) ? address : 0;

    /// <summary>An identifier that the library keeps in a variable, such as that of a native type.</summary>
    public long Constant(string name)
    {
        nint address = NativeLibrary.GetExport(library, name);
        return isNarrow ? *(int*)address : *(long*)address;
    }

    /// <summary>Widens an identifier.</summary>
    public long Id(long raw) => isNarrow ? (int)raw : raw;

    /// <summary>Takes over an identifier that a function returned.</summary>
    /// <exception cref="Hdf5Exception">It failed.</exception>
    public Hdf5Handle Own(long raw) => Id(raw) is >= 0 and var id ? new Hdf5Handle(id) : throw Failure();

    /// <summary>Checks what a function returned.</summary>
    /// <exception cref="Hdf5Exception">It failed.</exception>
    public long Check(long result) => result >= 0 ? result : throw Failure();

    /// <inheritdoc cref="Check(long)"/>
    public int Check(int result) => result >= 0 ? result : throw Failure();

    /// <summary>Gives one reference back.</summary>
    public bool Release(long id)
    {
        lock (Gate)
        {
            return Functions.Decrement(id) >= 0;
        }
    }

    /// <summary>What the library's error stack says: the innermost cause first.</summary>
    private Hdf5Exception Failure()
    {
        errors = [];
        var walk = (delegate* unmanaged[Cdecl]<long, int, delegate* unmanaged[Cdecl]<uint, byte*, void*, int>, void*, int>)Hdf5Functions.Find(library, "H5Ewalk2");
        _ = walk(0, 0, &Collect, isNarrow ? (void*)1 : null);
        string[] causes = [.. errors];
        errors = null;
        return new Hdf5Exception(causes.Length == 0 ? "HDF5 refuses without a reason" : $"HDF5: {causes[0]}");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Collect(uint index, byte* error, void* isNarrow)
    {
        // H5E_error2_t: three identifiers, a line number, then three texts, of which the description is the last.
        int offset = isNarrow is null ? (3 * sizeof(long)) + sizeof(long) : (3 * sizeof(int)) + sizeof(int);
        byte* description = *(byte**)(error + offset + (2 * sizeof(nint)));
        errors?.Add(description is null ? "no description" : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(description)));
        return 0;
    }
}
