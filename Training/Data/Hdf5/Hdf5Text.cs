using System.Runtime.InteropServices;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>Reads texts of fixed and of variable length, ASCII and UTF-8.</summary>
internal static unsafe class Hdf5Text
{
    private const int SpacePadded = 2;

    /// <summary>Reads texts into memory that the library fills.</summary>
    /// <param name="type">Type in the file, which is that in memory as well: texts know no byte order.</param>
    /// <param name="count">Number of texts.</param>
    /// <param name="read">Fills the memory at an address.</param>
    /// <param name="fileLength">Length of the file in bytes; no text is longer.</param>
    /// <exception cref="Hdf5Exception">The type is no text, or the bytes are not.</exception>
    public static string[] Read(Hdf5Handle type, int count, Action<nint> read, long fileLength)
    {
        Hdf5Library library = Hdf5Library.Instance;
        Hdf5Functions native = library.Functions;
        if (library.Check(native.TypeClass(type.Id)) != (int)Hdf5Class.Text)
        {
            throw new Hdf5Exception($"a text is needed, not {Hdf5Dataset.Describe(type)}");
        }

        return library.Check(native.IsVariableText(type.Id)) > 0
            ? ReadVariable(library, type, count, read, fileLength)
            : ReadFixed(library, type, count, read);
    }

    /// <summary>Whether the texts are of variable length.</summary>
    public static bool IsVariable(Hdf5Handle type)
    {
        Hdf5Library library = Hdf5Library.Instance;
        return library.Check(library.Functions.TypeClass(type.Id)) == (int)Hdf5Class.Text
            && library.Check(library.Functions.IsVariableText(type.Id)) > 0;
    }

    /// <summary>The texts of variable length that elements stand for.</summary>
    /// <param name="file">The file.</param>
    /// <param name="elements">What stands in their place.</param>
    public static string[] Resolve(Hdf5Bytes file, ReadOnlySpan<byte> elements)
    {
        string[] texts = new string[elements.Length / Hdf5TextElements.ElementBytes];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = file.Text(elements.Slice(i * Hdf5TextElements.ElementBytes, Hdf5TextElements.ElementBytes));
        }

        return texts;
    }

    private static string[] ReadVariable(Hdf5Library library, Hdf5Handle type, int count, Action<nint> read, long fileLength)
    {
        nint[] addresses = new nint[count];
        string[] texts = new string[count];
        fixed (nint* memory = addresses)
        {
            try
            {
                read((nint)memory);
                for (int i = 0; i < count; i++)
                {
                    ReadOnlySpan<byte> bytes = MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)addresses[i]);
                    if (bytes.Length > fileLength)
                    {
                        throw new Hdf5Exception($"a text of {bytes.Length} bytes is longer than the file");
                    }

                    texts[i] = NativeText.Decode(bytes);
                }
            }
            finally
            {
                ulong length = (ulong)count;
                using Hdf5Handle space = library.Own(library.Functions.CreateSpace(1, &length, null));
                _ = library.Functions.Reclaim(type.Id, space.Id, 0, memory);
            }
        }

        return texts;
    }

    private static string[] ReadFixed(Hdf5Library library, Hdf5Handle type, int count, Action<nint> read)
    {
        int size = checked((int)library.Functions.TypeSize(type.Id));
        bool isSpacePadded = library.Functions.TextPadding(type.Id) == SpacePadded;
        byte[] bytes = new byte[checked(size * count)];
        fixed (byte* memory = bytes)
        {
            read((nint)memory);
        }

        string[] texts = new string[count];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> text = bytes.AsSpan(i * size, size);
            int end = text.IndexOf((byte)0);
            text = end < 0 ? text : text[..end];
            texts[i] = NativeText.Decode(isSpacePadded ? text.TrimEnd((byte)' ') : text);
        }

        return texts;
    }
}
