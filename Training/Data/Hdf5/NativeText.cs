using System.Text;

namespace FlowRatio.Training.Data.Hdf5;

/// <summary>Texts as the library takes and gives them: UTF-8, closed by a zero byte.</summary>
internal static class NativeText
{
    // Throws where bytes are not UTF-8 instead of putting a replacement in their place.
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A text for the library.</summary>
    public static byte[] Of(string text)
    {
        byte[] bytes = new byte[Encoding.UTF8.GetByteCount(text) + 1];
        _ = Encoding.UTF8.GetBytes(text, bytes);
        return bytes;
    }

    /// <summary>A text from the library.</summary>
    /// <param name="bytes">Its bytes without the closing zero.</param>
    /// <exception cref="Hdf5Exception">They are not UTF-8.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            throw new Hdf5Exception($"a text has bytes that are not UTF-8: '{Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 40)])}'");
        }
    }
}
