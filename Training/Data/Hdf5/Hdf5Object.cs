namespace FlowRatio.Training.Data.Hdf5;

/// <summary>An open group or data set: its children and attributes. Data sets are read by <see cref="Hdf5Dataset"/>.</summary>
internal unsafe partial class Hdf5Object : IDisposable
{
    private const int GroupKind = 2;
    private const int DatasetKind = 5;
    private const int HardLink = 0;
    private const int LongestName = 4096;

    // Attributes are labels and shapes; a column order of many thousands of columns stays far below this.
    private const long LargestAttribute = 64 << 20;
    private const int MostChildren = 1_000_000;

    private readonly Hdf5Handle handle;

    /// <summary>Opens an object of a file, or its root.</summary>
    /// <param name="parent">File or group.</param>
    /// <param name="name">Name of the child.</param>
    /// <param name="file">The bytes of the file, against whose length sizes are checked.</param>
    /// <param name="parentLocation">Where the parent is.</param>
    public Hdf5Object(Hdf5Handle parent, string name, Hdf5Bytes file, string parentLocation = "")
    {
        File = file;
        Location = name == "/" ? "/" : parentLocation == "/" ? $"/{name}" : $"{parentLocation}/{name}";
        lock (Hdf5Library.Gate)
        {
            fixed (byte* text = NativeText.Of(name))
            {
                handle = Library.Own(Native.OpenObject(parent.Id, text, 0));
            }

            int kind = Native.TypeOfObject(handle.Id);
            IsGroup = kind == GroupKind;
            if (!IsGroup && kind != DatasetKind)
            {
                handle.Dispose();
                throw new Hdf5Exception($"{Location} is neither a group nor a data set");
            }
        }
    }

    /// <summary>Path of the object in its file.</summary>
    public string Location { get; }

    /// <summary>Whether it is a group; else it is a data set.</summary>
    public bool IsGroup { get; }

    /// <summary>The library.</summary>
    protected static Hdf5Library Library => Hdf5Library.Instance;

    /// <summary>Its functions.</summary>
    protected static Hdf5Functions Native => Library.Functions;

    /// <summary>The bytes of the file.</summary>
    public Hdf5Bytes File { get; }

    /// <summary>The library's identifier.</summary>
    protected long Id => handle.Id;

    /// <summary>The object's header, read without the library.</summary>
    /// <exception cref="Hdf5Exception">The library does not say where it is.</exception>
    public Hdf5ObjectHeader Header()
    {
        lock (Hdf5Library.Gate)
        {
            // The number of the file, then the address of the object, in all versions of the structure that these functions fill.
            ulong* info = stackalloc ulong[128];
            _ = Library.Check(Native.ObjectInfo(Id, info));
            return new Hdf5ObjectHeader(File, info[1]);
        }
    }

    /// <summary>Names of the children of a group, in ordinal order.</summary>
    public IReadOnlyList<string> Children()
    {
        lock (Hdf5Library.Gate)
        {
            // storage type, number of links, largest creation order, mounted.
            ulong* info = stackalloc ulong[8];
            _ = Library.Check(Native.GroupInfo(Id, info));
            if (info[1] > MostChildren)
            {
                throw new Hdf5Exception($"{Location} claims {info[1]} children");
            }

            List<string> names = [];
            byte[] buffer = new byte[LongestName];
            fixed (byte* text = buffer, here = "."u8)
            {
                for (ulong i = 0; i < info[1]; i++)
                {
                    long length = Library.Check(Native.LinkName(Id, here, 0, 0, i, text, LongestName, 0));
                    if (length >= LongestName)
                    {
                        throw new Hdf5Exception($"{Location} has a child whose name has {length} bytes");
                    }

                    names.Add(NativeText.Decode(buffer.AsSpan(0, (int)length)));
                }
            }

            return names;
        }
    }

    /// <summary>Whether a group has a child.</summary>
    public bool Has(string name)
    {
        if (!IsGroup || !IsPlainName(name))
        {
            return false;
        }

        lock (Hdf5Library.Gate)
        {
            fixed (byte* text = NativeText.Of(name))
            {
                return Library.Check(Native.LinkExists(Id, text, 0)) > 0;
            }
        }
    }

    /// <summary>Opens a child as what it is: an <see cref="Hdf5Dataset"/>, or a group.</summary>
    /// <exception cref="Hdf5Exception">There is none, it is a link to something else, or damaged.</exception>
    public Hdf5Object Open(string name)
    {
        if (!Has(name))
        {
            throw new Hdf5Exception($"{Location} has no '{name}'");
        }

        lock (Hdf5Library.Gate)
        {
            // In all versions of the structure the type of the link comes first, and the address of the object after 24 bytes.
            ulong* info = stackalloc ulong[8];
            fixed (byte* text = NativeText.Of(name))
            {
                _ = Library.Check(Native.LinkInfo(Id, text, info, 0));
            }

            if (*(int*)info != HardLink)
            {
                throw new Hdf5Exception($"{Location}/{name} is a link to something else");
            }

            new Hdf5ObjectHeader(File, info[3]).RequireSound();
            var child = new Hdf5Object(handle, name, File, Location);
            if (child.IsGroup)
            {
                return child;
            }

            child.Dispose();
            return new Hdf5Dataset(handle, name, File, Location);
        }
    }

    /// <summary>Opens a child that must be a data set.</summary>
    /// <exception cref="Hdf5Exception">It is not.</exception>
    public Hdf5Dataset OpenDataset(string name)
    {
        Hdf5Object child = Open(name);
        if (child is Hdf5Dataset dataset)
        {
            return dataset;
        }

        child.Dispose();
        throw new Hdf5Exception($"{child.Location} is a group; a data set is needed");
    }

    /// <summary>Whether there is an attribute.</summary>
    public bool HasAttribute(string name)
    {
        lock (Hdf5Library.Gate)
        {
            fixed (byte* text = NativeText.Of(name))
            {
                return Library.Check(Native.AttributeExists(Id, text)) > 0;
            }
        }
    }

    /// <summary>An attribute that is one text; null if there is none.</summary>
    public string? TextAttribute(string name) => TextsAttribute(name) is { } texts
        ? texts.Length == 1 ? texts[0] : throw new Hdf5Exception($"attribute '{name}' of {Location} has {texts.Length} texts")
        : null;

    /// <summary>An attribute that is a list of texts; null if there is none.</summary>
    public string[]? TextsAttribute(string name) => ReadAttribute(name, (attribute, type, count) =>
    {
        // An empty list has lost its type on the way: anndata writes it as numbers.
        if (count == 0)
        {
            return [];
        }

        if (Hdf5Text.IsVariable(type))
        {
            // Not left to the library, which follows a damaged pointer beyond its memory.
            ReadOnlyMemory<byte> data = Header().Attribute(System.Text.Encoding.UTF8.GetBytes(name))
                ?? throw new Hdf5Exception($"{Location} has so many attributes that they are stored apart from it; write the file with anndata");
            return data.Length >= count * Hdf5TextElements.ElementBytes
                ? Hdf5Text.Resolve(File, data.Span[..(count * Hdf5TextElements.ElementBytes)])
                : throw new Hdf5Exception($"attribute '{name}' of {Location} has {data.Length} bytes for {count} texts");
        }

        return Hdf5Text.Read(type, count, memory => Library.Check(Native.ReadAttribute(attribute, type.Id, (void*)memory)), File.Length);
    });

    /// <summary>An attribute that is a list of whole numbers; null if there is none.</summary>
    public long[]? IntegersAttribute(string name) => ReadAttribute(name, (attribute, type, count) =>
    {
        if (Library.Check(Native.TypeClass(type.Id)) != (int)Hdf5Class.Integer)
        {
            throw new Hdf5Exception($"attribute '{name}' of {Location} is no list of whole numbers");
        }

        long[] values = new long[count];
        fixed (long* memory = values)
        {
            _ = Library.Check(Native.ReadAttribute(attribute, Library.Constant("H5T_NATIVE_INT64_g"), memory));
        }

        return values;
    });

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Closes the object.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            handle.Dispose();
        }
    }

    // "." and paths would be followed by the library.
    private static bool IsPlainName(string name) => name.Length > 0 && name != "." && !name.Contains('/', StringComparison.Ordinal) && !name.Contains('\0', StringComparison.Ordinal);

    private T? ReadAttribute<T>(string name, Func<long, Hdf5Handle, int, T> read)
        where T : class
    {
        if (!HasAttribute(name))
        {
            return null;
        }

        lock (Hdf5Library.Gate)
        {
            Hdf5Handle attribute;
            fixed (byte* text = NativeText.Of(name))
            {
                attribute = Library.Own(Native.OpenAttribute(Id, text, 0));
            }

            using (attribute)
            {
                using Hdf5Handle type = Library.Own(Native.AttributeType(attribute.Id));
                using Hdf5Handle space = Library.Own(Native.AttributeSpace(attribute.Id));
                long count = Hdf5Dataset.ShapeOf(space).Aggregate(1L, (product, length) => checked(product * length));
                long bytes = count <= LargestAttribute ? count * (long)Native.TypeSize(type.Id) : long.MaxValue;
                return bytes is >= 0 and <= LargestAttribute
                    ? read(attribute.Id, type, (int)count)
                    : throw new Hdf5Exception($"attribute '{name}' of {Location} claims {count} values");
            }
        }
    }
}
