using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>
/// An open data set. What its header claims is checked against what the file can hold before memory is taken; the library converts
/// widths and byte orders.
/// </summary>
internal sealed unsafe class Hdf5Dataset : Hdf5Object
{
    private const int MostDimensions = 32;
    private const int CompactLayout = 0;
    private const int ChunkedLayout = 2;
    private const int DeflateFilter = 1;

    // Deflate reaches 1032 at most; other filters (blosc, zstd) may compress constant data further.
    private const long DeflateRatio = 1100;
    private const long OtherRatio = 100_000;

    // A chunk is unpacked as a whole, by the library; beyond this it must not be larger than the data set.
    private const long LargestChunk = 1L << 26;

    private readonly Hdf5Handle type;
    private readonly Hdf5Handle space;
    private Hdf5TextElements? elements;

    /// <summary>Opens a data set and checks its sizes.</summary>
    public Hdf5Dataset(Hdf5Handle parent, string name, Hdf5Bytes file, string parentLocation)
        : base(parent, name, file, parentLocation)
    {
        lock (Hdf5Library.Gate)
        {
            type = Library.Own(Native.DatasetType(Id));
            space = Library.Own(Native.DatasetSpace(Id));
            Class = (Hdf5Class)Library.Check(Native.TypeClass(type.Id));
            Shape = ShapeOf(space);
            RequireStored();
        }
    }

    /// <summary>Class of the elements.</summary>
    public Hdf5Class Class { get; }

    /// <summary>Length of each dimension; empty for a single value.</summary>
    public long[] Shape { get; }

    /// <summary>Rows of a chunk; 1 where the data set has none.</summary>
    public long ChunkRows { get; private set; } = 1;

    /// <summary>Whether the data lie in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>Numbers of the filters that the chunks went through.</summary>
    public IReadOnlyList<int> Filters { get; private set; } = [];

    /// <summary>Where the data lie in one piece; the largest number where they do not.</summary>
    public ulong Address => Native.DatasetOffset(Id);

    /// <summary>The library's identifier, for functions that only some versions have.</summary>
    public long Identifier => Id;

    /// <summary>Bytes per element in the file.</summary>
    public int ElementBytes => (int)Native.TypeSize(type.Id);

    /// <summary>The shape of a space.</summary>
    public static long[] ShapeOf(Hdf5Handle space)
    {
        int rank = Library.Check(Native.SpaceRank(space.Id));
        if (rank > MostDimensions)
        {
            throw new Hdf5Exception($"a shape of {rank} dimensions");
        }

        ulong* lengths = stackalloc ulong[MostDimensions];
        if (rank > 0)
        {
            _ = Library.Check(Native.SpaceExtent(space.Id, lengths, null));
        }

        long[] shape = new long[rank];
        for (int i = 0; i < rank; i++)
        {
            shape[i] = lengths[i] <= long.MaxValue ? (long)lengths[i] : throw new Hdf5Exception($"a dimension of length {lengths[i]}");
        }

        return shape;
    }

    /// <summary>A type in words, for messages.</summary>
    public static string Describe(Hdf5Handle type) => (Hdf5Class)Native.TypeClass(type.Id) switch
    {
        Hdf5Class.Integer => "whole numbers",
        Hdf5Class.Float => "numbers",
        Hdf5Class.Text => "texts",
        Hdf5Class.Compound => "records",
        Hdf5Class.Reference => "references",
        Hdf5Class.Enumeration => "named values",
        Hdf5Class.Sequence => "sequences",
        var other => $"elements of class {(int)other}",
    };

    /// <summary>The element type in words, for messages.</summary>
    public string Describe() => Describe(type);

    /// <summary>Whether the elements are truth values as h5py stores them: an enumeration of FALSE and TRUE.</summary>
    public bool IsBoolean()
    {
        if (Class != Hdf5Class.Enumeration || ElementBytes != 1)
        {
            return false;
        }

        lock (Hdf5Library.Gate)
        {
            if (Native.MemberCount(type.Id) != 2)
            {
                return false;
            }

            for (uint i = 0; i < 2; i++)
            {
                // Room for the value of any enumeration; its size has been seen to be one byte.
                long value = 0;
                _ = Library.Check(Native.MemberValue(type.Id, i, &value));
                nint name = Native.MemberName(type.Id, i);
                string text = name == 0 ? string.Empty : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)name));
                _ = name == 0 ? 0 : Native.FreeMemory(name);
                if (text != ((byte)value == 0 ? "FALSE" : "TRUE") || (byte)value > 1)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Reads a part as float32, row-major.</summary>
    /// <param name="start">First element in each dimension.</param>
    /// <param name="count">Number in each dimension.</param>
    public float[] ReadSingle(ReadOnlySpan<long> start, ReadOnlySpan<long> count) => ReadNumbers<float>("H5T_NATIVE_FLOAT_g", start, count);

    /// <inheritdoc cref="ReadSingle"/>
    /// <summary>Reads a part as float64, row-major.</summary>
    public double[] ReadDouble(ReadOnlySpan<long> start, ReadOnlySpan<long> count) => ReadNumbers<double>("H5T_NATIVE_DOUBLE_g", start, count);

    /// <inheritdoc cref="ReadSingle"/>
    /// <summary>Reads a part of whole numbers, row-major. Unsigned ones beyond 2^63 - 1 are refused.</summary>
    public long[] ReadInt64(ReadOnlySpan<long> start, ReadOnlySpan<long> count)
    {
        if (Class != Hdf5Class.Integer)
        {
            throw new Hdf5Exception($"{Location} holds {Describe()}; whole numbers are needed");
        }

        if (ElementBytes == sizeof(long) && Native.TypeSign(type.Id) == 0)
        {
            ulong[] large = ReadNumbers<ulong>("H5T_NATIVE_UINT64_g", start, count);
            return Array.ConvertAll(large, value => value <= long.MaxValue ? (long)value : throw new Hdf5Exception($"{Location} holds {value}, which is too large"));
        }

        return ReadNumbers<long>("H5T_NATIVE_INT64_g", start, count);
    }

    /// <inheritdoc cref="ReadSingle"/>
    /// <summary>Reads a part of truth values.</summary>
    public bool[] ReadBoolean(long start, int count)
    {
        if (Class == Hdf5Class.Integer)
        {
            return Array.ConvertAll(ReadInt64([start], [count]), value => value != 0);
        }

        if (!IsBoolean())
        {
            throw new Hdf5Exception($"{Location} holds {Describe()}; truth values are needed");
        }

        byte[] values = new byte[RequireCount([start], [count])];
        fixed (byte* memory = values)
        {
            Read(type.Id, [start], [count], memory);
        }

        return Array.ConvertAll(values, value => value <= 1 ? value == 1 : throw new Hdf5Exception($"{Location} holds the truth value {value}"));
    }

    /// <summary>Reads a part of a list of texts.</summary>
    /// <param name="start">First text.</param>
    /// <param name="count">Number of texts.</param>
    public string[] ReadText(long start, int count)
    {
        int texts = RequireCount([start], [count]);
        lock (Hdf5Library.Gate)
        {
            if (Hdf5Text.IsVariable(type))
            {
                elements ??= new Hdf5TextElements(this);
                if (elements.IsReadable)
                {
                    return Hdf5Text.Resolve(File, elements.Read(start, count));
                }
            }

            return Hdf5Text.Read(type, texts, memory => Read(type.Id, [start], [count], (void*)memory), File.Length);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            type?.Dispose();
            space?.Dispose();
        }

        base.Dispose(disposing);
    }

    private T[] ReadNumbers<T>(string memoryType, ReadOnlySpan<long> start, ReadOnlySpan<long> count)
        where T : unmanaged, INumber<T>
    {
        if (Class is not (Hdf5Class.Integer or Hdf5Class.Float))
        {
            throw new Hdf5Exception($"{Location} holds {Describe()}; numbers are needed");
        }

        T[] values = new T[RequireCount(start, count)];
        fixed (T* memory = values)
        {
            Read(Library.Constant(memoryType), start, count, memory);
        }

        return values;
    }

    private void Read(long memoryType, ReadOnlySpan<long> start, ReadOnlySpan<long> count, void* memory)
    {
        if (memory is null)
        {
            return;
        }

        lock (Hdf5Library.Gate)
        {
            if (Shape.Length == 0)
            {
                _ = Library.Check(Native.ReadDataset(Id, memoryType, 0, 0, 0, memory));
                return;
            }

            // A selection changes the space; each read takes a space of its own.
            using Hdf5Handle from = Library.Own(Native.DatasetSpace(Id));
            fixed (long* first = start, lengths = count)
            {
                using Hdf5Handle to = Library.Own(Native.CreateSpace(Shape.Length, (ulong*)lengths, null));
                _ = Library.Check(Native.Select(from.Id, 0, (ulong*)first, null, (ulong*)lengths, null));
                _ = Library.Check(Native.ReadDataset(Id, memoryType, to.Id, from.Id, 0, memory));
            }
        }
    }

    /// <summary>Number of elements of a part that lies inside the data set.</summary>
    private int RequireCount(ReadOnlySpan<long> start, ReadOnlySpan<long> count)
    {
        if (Shape.Length == 0)
        {
            return 1;
        }

        if (Shape.Length != start.Length)
        {
            throw new Hdf5Exception($"{Location} has {Shape.Length} dimensions; {start.Length} are needed");
        }

        long elements = 1;
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] < 0 || count[i] < 0 || start[i] > Shape[i] - count[i])
            {
                throw new Hdf5Exception($"{Location} has {Shape[i]} elements in dimension {i}; {start[i]} to {start[i] + count[i]} are asked for");
            }

            elements *= count[i];
            if (elements > Array.MaxLength)
            {
                throw new Hdf5Exception($"more than {Array.MaxLength} values of {Location} at once");
            }
        }

        return (int)elements;
    }

    /// <summary>Refuses what cannot be in the file: data elsewhere, filters that are missing, sizes beyond what the stored bytes can unpack to.</summary>
    private void RequireStored()
    {
        using Hdf5Handle list = Library.Own(Native.DatasetList(Id));
        int layout = Library.Check(Native.Layout(list.Id));
        if (layout is < CompactLayout or > ChunkedLayout)
        {
            throw new Hdf5Exception($"{Location} is put together from other data sets (a virtual data set)");
        }

        if (Native.ExternalCount(list.Id) > 0)
        {
            throw new Hdf5Exception($"{Location} has its data in another file");
        }

        Int128 bytes = ElementBytes;
        foreach (long length in Shape)
        {
            bytes = Int128.Min(bytes * length, Int128.MaxValue >> 66);
        }

        IsChunked = layout == ChunkedLayout;
        long ratio = layout == ChunkedLayout ? RequireFilters(list) : 1;
        if (layout == ChunkedLayout)
        {
            RequireChunk(list, bytes);
        }

        long stored = layout == CompactLayout ? File.Length : (long)Math.Min(Native.DatasetStorage(Id), (ulong)long.MaxValue);
        if (stored > File.Length || bytes > (Int128)stored * ratio)
        {
            throw new Hdf5Exception($"{Location} claims {bytes} bytes ({string.Join(" x ", Shape)} {Describe()}), but {stored} are stored in a file of {File.Length}");
        }
    }

    private void RequireChunk(Hdf5Handle list, Int128 dataBytes)
    {
        ulong* lengths = stackalloc ulong[MostDimensions];
        int rank = Library.Check(Native.Chunk(list.Id, MostDimensions, lengths));
        Int128 bytes = ElementBytes;
        for (int i = 0; i < rank; i++)
        {
            bytes = Int128.Min(bytes * lengths[i], Int128.MaxValue >> 66);
        }

        if (rank != Shape.Length || bytes > Int128.Max(LargestChunk, dataBytes))
        {
            throw new Hdf5Exception($"{Location} has chunks of {bytes} bytes, which do not fit it");
        }

        ChunkRows = rank == 0 ? 1 : (long)Math.Clamp(lengths[0], 1, int.MaxValue);
    }

    private long RequireFilters(Hdf5Handle list)
    {
        int count = Library.Check(Native.FilterCount(list.Id));
        int[] filters = new int[count];
        long ratio = 1;
        byte* name = stackalloc byte[64];
        for (uint i = 0; i < count; i++)
        {
            uint flags, configuration;
            nuint values = 0;
            name[0] = 0;
            int filter = Library.Check(Native.Filter(list.Id, i, &flags, &values, null, 64, name, &configuration));
            name[63] = 0;
            filters[i] = filter;
            if (Native.FilterAvailable(filter) <= 0)
            {
                string text = Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name));
                throw new Hdf5Exception(
                    $"{Location} is compressed with filter {filter} '{text}', which this HDF5 library has not; write the file with compression=\"gzip\"");
            }

            ratio = Math.Max(ratio, filter == DeflateFilter ? DeflateRatio : filter <= 3 ? 2 : OtherRatio);
        }

        Filters = filters;
        return ratio;
    }
}
