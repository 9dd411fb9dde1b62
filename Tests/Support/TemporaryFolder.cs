using System.IO.Compression;
using System.Text;

namespace FlowRatio.Tests.Support;

/// <summary>A folder for the files of one test, deleted with it.</summary>
public sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("flowratio-tests-");

    /// <summary>Path of a file in the folder, which need not exist.</summary>
    public string File(string name) => Path.Combine(folder.FullName, name);

    /// <summary>Writes a text file.</summary>
    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    /// <summary>Writes a file.</summary>
    public string Write(string name, byte[] content)
    {
        System.IO.File.WriteAllBytes(File(name), content);
        return File(name);
    }

    /// <summary>A text, compressed.</summary>
    public static byte[] Gzip(string text)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.UTF8.GetBytes(text));
        }

        return compressed.ToArray();
    }

    /// <summary>Deletes the folder.</summary>
    public void Dispose() => folder.Delete(recursive: true);
}
