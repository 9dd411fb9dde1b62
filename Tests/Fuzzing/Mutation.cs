using System.Buffers.Binary;
using System.Text;

namespace FlowRatio.Tests.Fuzzing;

/// <summary>
/// Damages a file: a function of (file, number) alone, so that every finding can be repeated. One to four damages of the kinds that
/// happen (truncation, flipped bits, lost or repeated pieces) and that somebody could make on purpose (huge sizes, other texts).
/// </summary>
public static class Mutation
{
    private static readonly ulong[] Sizes =
    [
        0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x10000, int.MaxValue, 0x80000000, uint.MaxValue, 0x100000000, 1UL << 40, long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    private static readonly byte[][] Texts =
    [
        .. ((string[])
        [
            "NaN", "nan", "inf", "-Infinity", "1e999", "-1", "99999999999999999999", "\"", "\"\"", ",", ",,", "\n", "\r\n", "\t", ";", "\0", "NA", "", "1,5", "0x10",
            "(", ")", "'", "{", "}", "True", "<f8", ">f4", "|O", "<U1000000", "(1000000000,1000000000)", "\uFEFF", "[", "]", "\\u0000", "1e308",
        ]).Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xFE, 0xFF], [0xFF, 0xFE],
    ];

    /// <summary>A damaged copy.</summary>
    /// <param name="original">The file.</param>
    /// <param name="number">Number of the damage.</param>
    public static byte[] Of(byte[] original, int number)
    {
        // Not the engine's generator: what is tested does not make its tests.
        var random = new Random((number * 7919) + original.Length);
        List<byte> content = [.. original];
        for (int i = random.Next(4); i >= 0; i--)
        {
            Damage(content, random);
        }

        return [.. content];
    }

    private static void Damage(List<byte> content, Random random)
    {
        if (content.Count == 0)
        {
            content.AddRange(Texts[random.Next(Texts.Length)]);
            return;
        }

        // Headers decide most: half of the places are near the front.
        int at = random.Next(2) == 0 ? random.Next(Math.Min(content.Count, 256)) : random.Next(content.Count);
        int length = Math.Min(content.Count - at, 1 + random.Next(random.Next(2) == 0 ? 8 : 200));
        switch (random.Next(10))
        {
            case 0:
                content.RemoveRange(at, content.Count - at);
                break;
            case 1:
            case 2:
                content[at] ^= (byte)(1 << random.Next(8));
                break;
            case 3:
                content[at] = (byte)random.Next(256);
                break;
            case 4:
            case 5:
                Overwrite(content, at, random);
                break;
            case 6:
                content.RemoveRange(at, length);
                break;
            case 7:
                content.InsertRange(random.Next(content.Count), content.GetRange(at, length));
                break;
            case 8:
                content.InsertRange(at, Texts[random.Next(Texts.Length)]);
                break;
            default:
                byte[] text = Texts[random.Next(Texts.Length)];
                for (int i = 0; i < text.Length && at + i < content.Count; i++)
                {
                    content[at + i] = text[i];
                }

                break;
        }
    }

    private static void Overwrite(List<byte> content, int at, Random random)
    {
        Span<byte> size = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(size, Sizes[random.Next(Sizes.Length)]);
        int width = 1 << random.Next(4);
        Span<byte> used = size[..width];
        if (random.Next(4) == 0)
        {
            used.Reverse();
        }

        for (int i = 0; i < width && at + i < content.Count; i++)
        {
            content[at + i] = used[i];
        }
    }
}
