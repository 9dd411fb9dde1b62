using System.Runtime.InteropServices;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>The functions of the HDF5 library that are used, named after what they do; signatures as in its manual, identifiers as 64-bit integers.</summary>
internal sealed unsafe class Hdf5Functions
{
    // Identifiers.
    public readonly delegate* unmanaged[Cdecl]<long, int> Decrement;
    public readonly delegate* unmanaged[Cdecl]<long, int> TypeOfObject;
    public readonly delegate* unmanaged[Cdecl]<nint, int> FreeMemory;

    // Files.
    public readonly delegate* unmanaged[Cdecl]<byte*, uint, long, long> OpenFile;
    public readonly delegate* unmanaged[Cdecl]<long, int, int> FlushFile;
    public readonly delegate* unmanaged[Cdecl]<long, long> CreateList;

    // Groups, objects and links.
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, long> OpenObject;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long> CreateGroup;
    public readonly delegate* unmanaged[Cdecl]<long, void*, int> GroupInfo;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, int, int, ulong, byte*, nuint, long, nint> LinkName;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, int> LinkExists;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, void*, long, int> LinkInfo;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, int> DeleteLink;
    public readonly delegate* unmanaged[Cdecl]<long, void*, int> ObjectInfo;

    // Attributes.
    public readonly delegate* unmanaged[Cdecl]<long, byte*, int> AttributeExists;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, long> OpenAttribute;
    public readonly delegate* unmanaged[Cdecl]<long, long> AttributeType;
    public readonly delegate* unmanaged[Cdecl]<long, long> AttributeSpace;
    public readonly delegate* unmanaged[Cdecl]<long, long, void*, int> ReadAttribute;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long, long> CreateAttribute;
    public readonly delegate* unmanaged[Cdecl]<long, long, void*, int> WriteAttribute;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, int> DeleteAttribute;

    // Data sets.
    public readonly delegate* unmanaged[Cdecl]<long, long> DatasetType;
    public readonly delegate* unmanaged[Cdecl]<long, long> DatasetSpace;
    public readonly delegate* unmanaged[Cdecl]<long, ulong> DatasetStorage;
    public readonly delegate* unmanaged[Cdecl]<long, ulong> DatasetOffset;
    public readonly delegate* unmanaged[Cdecl]<long, long> DatasetList;
    public readonly delegate* unmanaged[Cdecl]<long, long, long, long, long, void*, int> ReadDataset;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long, long, long> CreateDataset;
    public readonly delegate* unmanaged[Cdecl]<long, long, long, long, long, void*, int> WriteDataset;
    public readonly delegate* unmanaged[Cdecl]<long, long, long, void*, int> Reclaim;
    public readonly delegate* unmanaged[Cdecl]<long, int> Layout;
    public readonly delegate* unmanaged[Cdecl]<long, int, ulong*, int> Chunk;
    public readonly delegate* unmanaged[Cdecl]<long, int> ExternalCount;
    public readonly delegate* unmanaged[Cdecl]<long, int> FilterCount;
    public readonly delegate* unmanaged[Cdecl]<long, uint, uint*, nuint*, uint*, nuint, byte*, uint*, int> Filter;
    public readonly delegate* unmanaged[Cdecl]<int, int> FilterAvailable;

    // Spaces.
    public readonly delegate* unmanaged[Cdecl]<long, int> SpaceRank;
    public readonly delegate* unmanaged[Cdecl]<long, ulong*, ulong*, int> SpaceExtent;
    public readonly delegate* unmanaged[Cdecl]<int, long> CreateScalar;
    public readonly delegate* unmanaged[Cdecl]<int, ulong*, ulong*, long> CreateSpace;
    public readonly delegate* unmanaged[Cdecl]<long, int, ulong*, ulong*, ulong*, ulong*, int> Select;

    // Types.
    public readonly delegate* unmanaged[Cdecl]<long, int> TypeClass;
    public readonly delegate* unmanaged[Cdecl]<long, nuint> TypeSize;
    public readonly delegate* unmanaged[Cdecl]<long, int> TypeSign;
    public readonly delegate* unmanaged[Cdecl]<long, int> IsVariableText;
    public readonly delegate* unmanaged[Cdecl]<long, int> TextPadding;
    public readonly delegate* unmanaged[Cdecl]<long, long> CopyType;
    public readonly delegate* unmanaged[Cdecl]<long, nuint, int> SetTypeSize;
    public readonly delegate* unmanaged[Cdecl]<long, int, int> SetCharacterSet;
    public readonly delegate* unmanaged[Cdecl]<long, long> CreateEnum;
    public readonly delegate* unmanaged[Cdecl]<long, byte*, void*, int> InsertMember;
    public readonly delegate* unmanaged[Cdecl]<long, int> MemberCount;
    public readonly delegate* unmanaged[Cdecl]<long, uint, nint> MemberName;
    public readonly delegate* unmanaged[Cdecl]<long, uint, void*, int> MemberValue;

    /// <summary>Looks all functions up.</summary>
    /// <param name="library">The loaded library.</param>
    /// <exception cref="EntryPointNotFoundException">It is another one.</exception>
    public Hdf5Functions(nint library)
    {
        // Identifiers.
        Decrement = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Idec_ref");
        TypeOfObject = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Iget_type");
        FreeMemory = (delegate* unmanaged[Cdecl]<nint, int>)Find(library, "H5free_memory");

        // Files.
        OpenFile = (delegate* unmanaged[Cdecl]<byte*, uint, long, long>)Find(library, "H5Fopen");
        FlushFile = (delegate* unmanaged[Cdecl]<long, int, int>)Find(library, "H5Fflush");
        CreateList = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Pcreate");

        // Groups, objects and links.
        OpenObject = (delegate* unmanaged[Cdecl]<long, byte*, long, long>)Find(library, "H5Oopen");
        CreateGroup = (delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long>)Find(library, "H5Gcreate2");
        GroupInfo = (delegate* unmanaged[Cdecl]<long, void*, int>)Find(library, "H5Gget_info");
        LinkName = (delegate* unmanaged[Cdecl]<long, byte*, int, int, ulong, byte*, nuint, long, nint>)Find(library, "H5Lget_name_by_idx");
        LinkExists = (delegate* unmanaged[Cdecl]<long, byte*, long, int>)Find(library, "H5Lexists");
        LinkInfo = (delegate* unmanaged[Cdecl]<long, byte*, void*, long, int>)Find(library, "H5Lget_info2", "H5Lget_info1", "H5Lget_info");
        ObjectInfo = (delegate* unmanaged[Cdecl]<long, void*, int>)Find(library, "H5Oget_info1", "H5Oget_info");
        DeleteLink = (delegate* unmanaged[Cdecl]<long, byte*, long, int>)Find(library, "H5Ldelete");

        // Attributes.
        AttributeExists = (delegate* unmanaged[Cdecl]<long, byte*, int>)Find(library, "H5Aexists");
        OpenAttribute = (delegate* unmanaged[Cdecl]<long, byte*, long, long>)Find(library, "H5Aopen");
        AttributeType = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Aget_type");
        AttributeSpace = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Aget_space");
        ReadAttribute = (delegate* unmanaged[Cdecl]<long, long, void*, int>)Find(library, "H5Aread");
        CreateAttribute = (delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long, long>)Find(library, "H5Acreate2");
        WriteAttribute = (delegate* unmanaged[Cdecl]<long, long, void*, int>)Find(library, "H5Awrite");
        DeleteAttribute = (delegate* unmanaged[Cdecl]<long, byte*, int>)Find(library, "H5Adelete");

        // Data sets.
        DatasetType = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Dget_type");
        DatasetSpace = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Dget_space");
        DatasetOffset = (delegate* unmanaged[Cdecl]<long, ulong>)Find(library, "H5Dget_offset");
        DatasetStorage = (delegate* unmanaged[Cdecl]<long, ulong>)Find(library, "H5Dget_storage_size");
        DatasetList = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Dget_create_plist");
        ReadDataset = (delegate* unmanaged[Cdecl]<long, long, long, long, long, void*, int>)Find(library, "H5Dread");
        CreateDataset = (delegate* unmanaged[Cdecl]<long, byte*, long, long, long, long, long, long>)Find(library, "H5Dcreate2");
        WriteDataset = (delegate* unmanaged[Cdecl]<long, long, long, long, long, void*, int>)Find(library, "H5Dwrite");
        Reclaim = (delegate* unmanaged[Cdecl]<long, long, long, void*, int>)Find(library, "H5Dvlen_reclaim", "H5Treclaim");
        Layout = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Pget_layout");
        Chunk = (delegate* unmanaged[Cdecl]<long, int, ulong*, int>)Find(library, "H5Pget_chunk");
        ExternalCount = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Pget_external_count");
        FilterCount = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Pget_nfilters");
        Filter = (delegate* unmanaged[Cdecl]<long, uint, uint*, nuint*, uint*, nuint, byte*, uint*, int>)Find(library, "H5Pget_filter2");
        FilterAvailable = (delegate* unmanaged[Cdecl]<int, int>)Find(library, "H5Zfilter_avail");

        // Spaces.
        SpaceRank = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Sget_simple_extent_ndims");
        SpaceExtent = (delegate* unmanaged[Cdecl]<long, ulong*, ulong*, int>)Find(library, "H5Sget_simple_extent_dims");
        CreateScalar = (delegate* unmanaged[Cdecl]<int, long>)Find(library, "H5Screate");
        CreateSpace = (delegate* unmanaged[Cdecl]<int, ulong*, ulong*, long>)Find(library, "H5Screate_simple");
        Select = (delegate* unmanaged[Cdecl]<long, int, ulong*, ulong*, ulong*, ulong*, int>)Find(library, "H5Sselect_hyperslab");

        // Types.
        TypeClass = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Tget_class");
        TypeSize = (delegate* unmanaged[Cdecl]<long, nuint>)Find(library, "H5Tget_size");
        TypeSign = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Tget_sign");
        IsVariableText = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Tis_variable_str");
        TextPadding = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Tget_strpad");
        CopyType = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Tcopy");
        SetTypeSize = (delegate* unmanaged[Cdecl]<long, nuint, int>)Find(library, "H5Tset_size");
        SetCharacterSet = (delegate* unmanaged[Cdecl]<long, int, int>)Find(library, "H5Tset_cset");
        CreateEnum = (delegate* unmanaged[Cdecl]<long, long>)Find(library, "H5Tenum_create");
        InsertMember = (delegate* unmanaged[Cdecl]<long, byte*, void*, int>)Find(library, "H5Tenum_insert");
        MemberCount = (delegate* unmanaged[Cdecl]<long, int>)Find(library, "H5Tget_nmembers");
        MemberName = (delegate* unmanaged[Cdecl]<long, uint, nint>)Find(library, "H5Tget_member_name");
        MemberValue = (delegate* unmanaged[Cdecl]<long, uint, void*, int>)Find(library, "H5Tget_member_value");
    }

    /// <summary>A function by its name, or by the first of its names over the versions that the library has.</summary>
    public static nint Find(nint library, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (NativeLibrary.TryGetExport(library, name, out nint address))
            {
                return address;
            }
        }

        throw new EntryPointNotFoundException($"it has no function {names[0]}.");
    }
}
