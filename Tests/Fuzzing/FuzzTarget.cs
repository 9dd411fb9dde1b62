using FlowRatio.Engine.Models;
using FlowRatio.Training.Data.AnnData;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>What is demanded of a reader, whatever its file contains: a refusal of its own kind, or a result that is right.</summary>
public sealed class FuzzTarget
{
    // A reader may take some memory for buffers, and some for what the file holds; never what a header merely claims.
    private const long AllocatedBase = 96 << 20;
    private const long AllocatedPerByte = 4000;

    private readonly byte[] original;
    private readonly string path;
    private readonly TableContent? right;

    /// <summary>Takes a good file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="folder">Where damaged copies are put.</param>
    public FuzzTarget(string source, string folder)
    {
        original = File.ReadAllBytes(source);
        path = Path.Combine(folder, Path.GetFileName(source));

        // Formats with checksums: what is read is what was written, or nothing.
        right = Has(".npz") || Has(".gz") ? TableContent.Read(source) : null;
        if (Has(".h5ad") && !Copy(source, TableContent.Read(source)))
        {
            throw new InvalidOperationException("The good file cannot be copied.");
        }
    }

    /// <summary>Copies with new columns that were written of damaged files.</summary>
    public int Copies { get; private set; }

    /// <summary>Damages the file, reads it, and checks.</summary>
    /// <param name="number">Number of the damage.</param>
    /// <returns>Whether it could be read; else it was refused.</returns>
    /// <exception cref="InvalidOperationException">The reader did something else.</exception>
    public bool Check(int number)
    {
        byte[] content = Mutation.Of(original, number);
        File.WriteAllBytes(path, content);
        long before = GC.GetTotalAllocatedBytes();
        bool isRead = Read(content);
        long allocated = GC.GetTotalAllocatedBytes() - before;
        return allocated <= AllocatedBase + (AllocatedPerByte * content.Length)
            ? isRead
            : throw new InvalidOperationException($"A file of {content.Length} bytes made the reader take {allocated}.");
    }

    private bool Read(byte[] content)
    {
        try
        {
            if (Has(".safetensors"))
            {
                var file = SafetensorsFile.Read(path);
                return file.Names.All(name => file[name].Count >= 0);
            }

            var read = TableContent.Read(path);
            right?.RequireAgreement(read);
            if (Has(".csv") || Has(".tsv"))
            {
                PlainCsv.RequireAgreement(content, Has(".tsv"), read);
            }

            Copies += Has(".h5ad") && Copy(path, read) ? 1 : 0;

            return true;
        }
        catch (TableFormatException exception) when (exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            return false;
        }
        catch (InvalidDataException exception) when (Has(".safetensors") && exception.Message.StartsWith(path, StringComparison.Ordinal))
        {
            return false;
        }
    }

    /// <summary>Writes a copy with new columns and reads them; false where the writer refuses.</summary>
    private bool Copy(string source, TableContent read)
    {
        string copy = path + ".copy.h5ad";
        double[] values = [.. Enumerable.Range(0, (int)read.Rows).Select(r => r + 0.5)];
        try
        {
            H5adCopy.Write(source, copy, [new NumberColumn("added", values), CategoryColumn.FromText("named", new string?[values.Length])]);
        }
        catch (Exception exception) when (exception is IOException or TableFormatException)
        {
            return false;
        }

        using var file = TableFile.Open(copy);
        return ((NumberColumn)file.ReadColumn("added")).Values.SequenceEqual(values)
            ? true
            : throw new InvalidOperationException("The copy has another column than was written.");
    }

    private bool Has(string extension) => path.EndsWith(extension, StringComparison.Ordinal);
}
