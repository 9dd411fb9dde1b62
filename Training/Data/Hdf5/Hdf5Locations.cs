using System.Runtime.InteropServices;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>Where the HDF5 library is on the systems that have it, and how to install it on those that have not.</summary>
internal static class Hdf5Locations
{
    /// <summary>The environment variable that names the library, or a folder with it.</summary>
    public const string Variable = "FLOWRATIO_HDF5";

    // The numbers of HDF5 2.0, 1.14, 1.12, 1.10 and 1.8; Debian's serial build has a name of its own.
    private static readonly int[] SonameVersions = [320, 311, 310, 309, 308, 301, 300, 200, 103, 102, 101, 100, 12, 11, 10, 9, 8];

    private static readonly string[] MacFolders =
        ["/opt/homebrew/lib", "/opt/homebrew/opt/hdf5/lib", "/usr/local/lib", "/usr/local/opt/hdf5/lib", "/opt/local/lib"];

    /// <summary>Names and paths to try, in this order.</summary>
    public static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given)
        {
            // The user's word is final: another library than the named one would be a surprise.
            return Directory.Exists(given) ? InFolder(given) : [given];
        }

        IEnumerable<string> conda = Environment.GetEnvironmentVariable("CONDA_PREFIX") is { Length: > 0 } prefix
            ? InFolder(Path.Combine(prefix, OperatingSystem.IsWindows() ? Path.Combine("Library", "bin") : "lib"))
            : [];
        return OperatingSystem.IsWindows()
            ? [.. conda, "hdf5.dll", .. WindowsInstallations()]
            : OperatingSystem.IsMacOS()
                ? [.. conda, "libhdf5.dylib", .. MacFolders.SelectMany(InFolder)]
                : [
                    .. SonameVersions.SelectMany(version => (string[])[$"libhdf5_serial.so.{version}", $"libhdf5.so.{version}"]),
                    "libhdf5_serial.so",
                    "libhdf5.so",
                    .. conda,
                ];
    }

    /// <summary>Loads the first candidate that can be.</summary>
    /// <exception cref="Hdf5UnavailableException">None can.</exception>
    public static nint Load()
    {
        foreach (string candidate in Candidates())
        {
            if (NativeLibrary.TryLoad(candidate, out nint library))
            {
                return library;
            }
        }

        string given = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } path ? $" {Variable} is '{path}', where there is none." : string.Empty;
        throw new Hdf5UnavailableException(
            $"h5ad files need the HDF5 library, which is not on this machine.{given} {Advice()} {Variable} may name the library's file.");
    }

    /// <summary>The command that installs the library here.</summary>
    private static string Advice()
    {
        if (OperatingSystem.IsMacOS())
        {
            return "Install it with: brew install hdf5.";
        }

        if (OperatingSystem.IsWindows())
        {
            return "Install it from https://www.hdfgroup.org/download-hdf5, or with: conda install hdf5.";
        }

        string system = File.Exists("/etc/os-release") ? File.ReadAllText("/etc/os-release") : string.Empty;
        return system.Contains("fedora", StringComparison.Ordinal) || system.Contains("rhel", StringComparison.Ordinal)
            ? "Install it with: sudo dnf install hdf5."
            : system.Contains("suse", StringComparison.Ordinal)
                ? "Install it with: sudo zypper install hdf5."
                : system.Contains("ID=arch", StringComparison.Ordinal)
                    ? "Install it with: sudo pacman -S hdf5."
                    : system.Contains("ID=alpine", StringComparison.Ordinal)
                        ? "Install it with: sudo apk add hdf5."
                        : "Install it with: sudo apt install hdf5-tools.";
    }

    private static IEnumerable<string> InFolder(string folder) => Directory.Exists(folder)
        ? Directory.EnumerateFiles(folder).Where(IsLibrary).Order(StringComparer.Ordinal)
        : [];

    /// <summary>The library itself: not its high-level, C++, Fortran and tools companions.</summary>
    private static bool IsLibrary(string file)
    {
        string name = Path.GetFileName(file);
        return name.Equals("hdf5.dll", StringComparison.OrdinalIgnoreCase)
            || ((name.StartsWith("libhdf5.", StringComparison.Ordinal)
                    || name.StartsWith("libhdf5-", StringComparison.Ordinal)
                    || name.StartsWith("libhdf5_serial.", StringComparison.Ordinal))
                && (name.Contains(".so", StringComparison.Ordinal) || name.EndsWith(".dylib", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> WindowsInstallations()
    {
        string folder = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "HDF_Group", "HDF5");
        return Directory.Exists(folder)
            ? Directory.EnumerateDirectories(folder).OrderDescending(StringComparer.Ordinal).SelectMany(version => InFolder(Path.Combine(version, "bin")))
            : [];
    }
}
