using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace FlowRatio.Training.Data;

/// <summary>Tells whether two passes over a table saw the same coordinates: SHA-256 of all of them in order.</summary>
public sealed class RowDigest : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds the next rows.</summary>
    /// <param name="points">Their coordinates as the file has them; what counts is their value in float32.</param>
    public void Add(ReadOnlySpan<double> points)
    {
        float[] rounded = new float[points.Length];
        for (int i = 0; i < rounded.Length; i++)
        {
            rounded[i] = (float)points[i];
        }

        hash.AppendData(MemoryMarshal.AsBytes(rounded));
    }

    /// <summary>The digest of what was added, in hexadecimal; starts anew.</summary>
    public string Take() => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <inheritdoc/>
    public void Dispose() => hash.Dispose();
}
