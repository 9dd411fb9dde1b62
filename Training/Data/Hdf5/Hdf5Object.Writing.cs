using System.Text;

namespace FlowRatio.Training.Data.Hdf5;

/// <content>Writing: new data sets and attributes, little-endian, in one piece.</content>
internal unsafe partial class Hdf5Object
{
    private const int ScalarSpace = 0;
    private const int Utf8 = 1;
    private static readonly nuint VariableLength = nuint.MaxValue;

    /// <summary>Creates a group and opens it.</summary>
    public Hdf5Object CreateGroup(string name)
    {
        lock (Hdf5Library.Gate)
        {
            fixed (byte* text = NativeText.Of(name))
            {
                Library.Own(Native.CreateGroup(Id, text, 0, 0, 0)).Dispose();
            }
        }

        return new Hdf5Object(handle, name, File, Location);
    }

    /// <summary>Takes a child away; its room in the file is not given back.</summary>
    public void Delete(string name)
    {
        lock (Hdf5Library.Gate)
        {
            fixed (byte* text = NativeText.Of(name))
            {
                _ = Library.Check(Native.DeleteLink(Id, text, 0));
            }
        }
    }

    /// <summary>Writes a list of float32 and opens it.</summary>
    public Hdf5Object WriteSingle(string name, float[] values)
    {
        fixed (float* memory = values)
        {
            return WriteList(name, "H5T_IEEE_F32LE_g", "H5T_NATIVE_FLOAT_g", memory, values.Length);
        }
    }

    /// <summary>Writes a list of float64 and opens it.</summary>
    public Hdf5Object WriteDouble(string name, double[] values)
    {
        fixed (double* memory = values)
        {
            return WriteList(name, "H5T_IEEE_F64LE_g", "H5T_NATIVE_DOUBLE_g", memory, values.Length);
        }
    }

    /// <summary>Writes a list of whole numbers and opens it.</summary>
    public Hdf5Object WriteInt64(string name, long[] values)
    {
        fixed (long* memory = values)
        {
            return WriteList(name, "H5T_STD_I64LE_g", "H5T_NATIVE_INT64_g", memory, values.Length);
        }
    }

    /// <summary>Writes codes of categories in as few bytes as they need and opens the list.</summary>
    /// <param name="name">Name of the list.</param>
    /// <param name="codes">Codes, -1 for none.</param>
    /// <param name="categories">Number of categories.</param>
    public Hdf5Object WriteCodes(string name, int[] codes, int categories)
    {
        string type = categories <= sbyte.MaxValue ? "H5T_STD_I8LE_g" : categories <= short.MaxValue ? "H5T_STD_I16LE_g" : "H5T_STD_I32LE_g";
        fixed (int* memory = codes)
        {
            return WriteList(name, type, "H5T_NATIVE_INT32_g", memory, codes.Length);
        }
    }

    /// <summary>Writes a list of truth values and opens it.</summary>
    public Hdf5Object WriteBoolean(string name, bool[] values)
    {
        byte[] bytes = Array.ConvertAll(values, value => (byte)(value ? 1 : 0));
        lock (Hdf5Library.Gate)
        {
            using Hdf5Handle type = BooleanType();
            fixed (byte* memory = bytes)
            {
                return WriteList(name, type.Id, type.Id, memory, values.Length);
            }
        }
    }

    /// <summary>Writes a list of texts of any length in UTF-8 and opens it.</summary>
    public Hdf5Object WriteText(string name, IReadOnlyList<string> texts)
    {
        lock (Hdf5Library.Gate)
        {
            using Hdf5Handle type = TextType();
            Hdf5Object? list = null;
            WithAddresses(texts, memory => list = WriteList(name, type.Id, type.Id, (void*)memory, texts.Count));
            return list!;
        }
    }

    /// <summary>Sets an attribute to one text.</summary>
    public void SetAttribute(string name, string text)
    {
        lock (Hdf5Library.Gate)
        {
            using Hdf5Handle type = TextType();
            using Hdf5Handle space = Library.Own(Native.CreateScalar(ScalarSpace));
            WithAddresses([text], memory => SetAttribute(name, type, space, (void*)memory));
        }
    }

    /// <summary>Sets an attribute to a list of texts.</summary>
    public void SetAttribute(string name, IReadOnlyList<string> texts)
    {
        lock (Hdf5Library.Gate)
        {
            ulong length = (ulong)texts.Count;
            using Hdf5Handle type = TextType();
            using Hdf5Handle space = Library.Own(Native.CreateSpace(1, &length, null));
            WithAddresses(texts, memory => SetAttribute(name, type, space, (void*)memory));
        }
    }

    /// <summary>Sets an attribute to a truth value.</summary>
    public void SetAttribute(string name, bool value)
    {
        lock (Hdf5Library.Gate)
        {
            using Hdf5Handle type = BooleanType();
            using Hdf5Handle space = Library.Own(Native.CreateScalar(ScalarSpace));
            byte memory = (byte)(value ? 1 : 0);
            SetAttribute(name, type, space, &memory);
        }
    }

    private static Hdf5Handle TextType()
    {
        Hdf5Handle type = Library.Own(Native.CopyType(Library.Constant("H5T_C_S1_g")));
        _ = Library.Check(Native.SetTypeSize(type.Id, VariableLength));
        _ = Library.Check(Native.SetCharacterSet(type.Id, Utf8));
        return type;
    }

    /// <summary>What h5py makes of numpy's truth values.</summary>
    private static Hdf5Handle BooleanType()
    {
        Hdf5Handle type = Library.Own(Native.CreateEnum(Library.Constant("H5T_STD_I8LE_g")));
        byte value = 0;
        fixed (byte* no = "FALSE\0"u8, yes = "TRUE\0"u8)
        {
            _ = Library.Check(Native.InsertMember(type.Id, no, &value));
            value = 1;
            _ = Library.Check(Native.InsertMember(type.Id, yes, &value));
        }

        return type;
    }

    /// <summary>Lays texts out in memory and calls with the address of their addresses.</summary>
    private static void WithAddresses(IReadOnlyList<string> texts, Action<nint> call)
    {
        long bytes = texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text) + 1);
        byte[] content = new byte[bytes];
        nint[] addresses = new nint[texts.Count];
        fixed (byte* memory = content)
        {
            fixed (nint* list = addresses)
            {
                int position = 0;
                for (int i = 0; i < addresses.Length; i++)
                {
                    addresses[i] = (nint)(memory + position);
                    position += Encoding.UTF8.GetBytes(texts[i], content.AsSpan(position)) + 1;
                }

                call((nint)list);
            }
        }
    }

    private Hdf5Object WriteList(string name, string fileType, string memoryType, void* memory, int count)
    {
        lock (Hdf5Library.Gate)
        {
            return WriteList(name, Library.Constant(fileType), Library.Constant(memoryType), memory, count);
        }
    }

    private Hdf5Object WriteList(string name, long fileType, long memoryType, void* memory, int count)
    {
        ulong length = (ulong)count;
        using Hdf5Handle space = Library.Own(Native.CreateSpace(1, &length, null));
        fixed (byte* text = NativeText.Of(name))
        {
            using Hdf5Handle list = Library.Own(Native.CreateDataset(Id, text, fileType, space.Id, 0, 0, 0));
            if (count > 0)
            {
                _ = Library.Check(Native.WriteDataset(list.Id, memoryType, 0, 0, 0, memory));
            }
        }

        return new Hdf5Object(handle, name, File, Location);
    }

    private void SetAttribute(string name, Hdf5Handle type, Hdf5Handle space, void* memory)
    {
        fixed (byte* text = NativeText.Of(name))
        {
            if (Library.Check(Native.AttributeExists(Id, text)) > 0)
            {
                _ = Library.Check(Native.DeleteAttribute(Id, text));
            }

            using Hdf5Handle attribute = Library.Own(Native.CreateAttribute(Id, text, type.Id, space.Id, 0, 0));
            if (memory is not null)
            {
                _ = Library.Check(Native.WriteAttribute(attribute.Id, type.Id, memory));
            }
        }
    }
}
