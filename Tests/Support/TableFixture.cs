using FlowRatio.Training.Data.Hdf5;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Support;

/// <summary>The files of Reference/Tables, made by the script there, and the machine's HDF5 library.</summary>
public static class TableFixture
{
    /// <summary>Path of a file.</summary>
    public static string PathOf(string name) =>
        Path.Combine(TestContext.CurrentContext.TestDirectory, "Reference", "Tables", name);

    /// <summary>Opens a file; skips the test where it needs HDF5 and the machine has none.</summary>
    public static TableFile Open(string name)
    {
        if (name.EndsWith(".h5ad", StringComparison.Ordinal))
        {
            RequireHdf5();
        }

        return TableFile.Open(PathOf(name));
    }

    /// <summary>Skips the test, with a reason, where the machine has no HDF5 library.</summary>
    public static void RequireHdf5()
    {
        if (!Hdf5Library.IsAvailable(out string reason))
        {
            Assert.Ignore(reason);
        }
    }

    /// <summary>A file of real data beside the project; skips the test where there is none.</summary>
    public static string RequireShared(string path)
    {
        for (DirectoryInfo? at = new(TestContext.CurrentContext.TestDirectory); at is not null; at = at.Parent)
        {
            string candidate = Path.Combine(at.FullName, path);
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        Assert.Ignore($"{path} is in no folder above the tests.");
        return path;
    }
}
