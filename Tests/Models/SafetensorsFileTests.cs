using System.Buffers.Binary;
using System.Text;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Models;

/// <summary>What is written is read; what is damaged or hostile is refused with a message and before memory is taken.</summary>
public sealed class SafetensorsFileTests
{
    private static IEnumerable<TestCaseData> Hostile =>
    [
        Header("not JSON", "not JSON", 0, "not valid JSON"),
        Header("an array", "[]", 0, "not an object"),
        Header("a name twice", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "JSON"),
        Header("no dtype", """{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "'a'", "dtype"),
        Header("another dtype", """{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", 4, "'a'", "'BF16'", "F32"),
        Header("no shape", """{"a":{"dtype":"F32","data_offsets":[0,4]}}""", 4, "'a'", "shape"),
        Header("a negative length", """{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "'a'", "-1"),
        Header("a fraction", """{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", 4, "'a'", "1.5"),
        Header("an entry that is a number", """{"a":1}""", 0, "'a'"),
        Header("one offset", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", 4, "'a'", "data_offsets"),
        Header("offsets backwards", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", 4, "'a'", "data_offsets"),
        Header("too few bytes", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "'a'", "4", "8"),
        Header("beyond the file", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 4, "'a'", "4"),
        Header("an overflowing shape", """{"a":{"dtype":"F32","shape":[4294967296,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "'a'", "larger"),
        Header("a zero that hides an overflow", """{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,0],"data_offsets":[0,0]}}""", 0, "'a'"),
        Header("a tensor of a terabyte", """{"a":{"dtype":"F64","shape":[137438953472],"data_offsets":[0,1099511627776]}}""", 8, "'a'"),
        Header("a hole", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "'b'"),
        Header("an overlap", """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "'b'"),
        Header("data that nobody claims", """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 12, "12"),
        Header("metadata that is not text", """{"__metadata__":{"a":1}}""", 0, "'a'"),
        Header("metadata that is a list", """{"__metadata__":[]}""", 0, "__metadata__"),
    ];

    [Test]
    public void Returns_what_was_written()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        float[] single = [1, -2.5f, float.NaN, float.PositiveInfinity, float.Epsilon, 0];
        double[] real = [Math.PI, double.MinValue, -0.0];
        long[] whole = [long.MinValue, long.MaxValue];
        SafetensorsFile.Write(
            path,
            [
                SafetensorsTensor.Of("head.0.weight", single, 2, 3),
                SafetensorsTensor.Of("real \"quoted\" ü", real, 3),
                SafetensorsTensor.Of("whole", whole, 1, 2, 1),
                SafetensorsTensor.Of("number", [4.5f]),
                SafetensorsTensor.Of("nothing", ReadOnlySpan<float>.Empty, 0, 7),
            ],
            new Dictionary<string, string> { ["width"] = "256", ["name"] = "ü\n" });

        SafetensorsFile file = SafetensorsFile.Read(path);
        Assert.That(file.Names, Is.EquivalentTo(new[] { "head.0.weight", "real \"quoted\" ü", "whole", "number", "nothing" }));
        Assert.That(file["head.0.weight"].Shape, Is.EqualTo(new long[] { 2, 3 }));
        Assert.That(Bits(file["head.0.weight"].ToSingle()), Is.EqualTo(Bits(single)));
        Assert.That(file["real \"quoted\" ü"].ToDouble(), Is.EqualTo(real));
        Assert.That(file["whole"].RequireShape(1, 2, 1).ToInt64(), Is.EqualTo(whole));
        Assert.That(file["number"].Shape, Is.Empty);
        Assert.That(file["number"].ToSingle(), Is.EqualTo(new[] { 4.5f }));
        Assert.That(file["nothing"].Count, Is.Zero);
        Assert.That(file.Metadata, Is.EquivalentTo(new Dictionary<string, string> { ["width"] = "256", ["name"] = "ü\n" }));
    }

    [Test]
    public void Writes_the_published_format()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        SafetensorsFile.Write(path, [SafetensorsTensor.Of("b", [1f], 1), SafetensorsTensor.Of("a", [2.0], 1)]);
        byte[] content = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(content);
        Assert.That(length % 8, Is.Zero, "the data are aligned");
        Assert.That(
            Encoding.UTF8.GetString(content, 8, length).TrimEnd(' '),
            Is.EqualTo("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"""));
        Assert.That(content, Has.Length.EqualTo(8 + length + 12));
        Assert.That(BinaryPrimitives.ReadSingleLittleEndian(content.AsSpan(8 + length + 8)), Is.EqualTo(1f));
    }

    [Test]
    public void Every_truncation_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        SafetensorsFile.Write(path, [SafetensorsTensor.Of("a", [1f, 2f], 2)]);
        byte[] content = File.ReadAllBytes(path);
        for (int length = 0; length < content.Length; length++)
        {
            string cut = folder.Write("cut.safetensors", content[..length]);
            InvalidDataException? exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(cut));
            Assert.That(exception!.Message, Does.Contain("cut.safetensors"));
        }
    }

    [TestCase(100_000_001UL)]
    [TestCase((ulong)long.MaxValue)]
    [TestCase(ulong.MaxValue)]
    [TestCase(3UL)]
    public void A_header_longer_than_the_file_or_the_limit_is_refused(ulong claimed)
    {
        using var folder = new TemporaryFolder();
        byte[] content = new byte[10];
        BinaryPrimitives.WriteUInt64LittleEndian(content, claimed);
        string path = folder.Write("a.safetensors", content);
        Assert.That(
            () => SafetensorsFile.Read(path), Throws.TypeOf<InvalidDataException>().With.Message.Contains($"{claimed} bytes"));
    }

    [TestCaseSource(nameof(Hostile))]
    public void A_hostile_header_is_refused(string header, int dataBytes, string[] parts)
    {
        using var folder = new TemporaryFolder();
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] content = new byte[8 + text.Length + dataBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(content, (ulong)text.Length);
        text.CopyTo(content, 8);
        string path = folder.Write("a.safetensors", content);
        InvalidDataException? exception = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(path));
        foreach (string part in parts)
        {
            Assert.That(exception!.Message, Does.Contain(part));
        }
    }

    [Test]
    public void A_file_without_tensors_is_one()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        SafetensorsFile.Write(path, []);
        Assert.That(SafetensorsFile.Read(path).Names, Is.Empty);
    }

    [Test]
    public void Wrong_uses_say_what_is_wrong()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a.safetensors");
        SafetensorsTensor tensor = SafetensorsTensor.Of("a", [1f, 2f], 2);
        Assert.That(() => SafetensorsTensor.Of("a", [1f, 2f], 3), Throws.ArgumentException.With.Message.Contains("2 values; 3"));
        Assert.That(() => SafetensorsFile.Write(path, [tensor, tensor]), Throws.ArgumentException.With.Message.Contains("'a'"));
        Assert.That(
            () => SafetensorsFile.Write(path, [SafetensorsTensor.Of("__metadata__", [1f], 1)]), Throws.ArgumentException);
        Assert.That(File.Exists(path), Is.False);
        Assert.That(tensor.ToDouble, Throws.TypeOf<InvalidDataException>().With.Message.Contains("F32"));
        Assert.That(() => tensor.RequireShape(1, 2), Throws.TypeOf<InvalidDataException>().With.Message.Contains("[1, 2]"));
        SafetensorsFile.Write(path, [tensor]);
        Assert.That(
            () => SafetensorsFile.Read(path)["b"], Throws.TypeOf<InvalidDataException>().With.Message.Contains("'b'").And.Message.Contains("a"));
        Assert.That(() => SafetensorsFile.Read(folder.File("none")), Throws.TypeOf<FileNotFoundException>());
    }

    private static int[] Bits(float[] values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    private static TestCaseData Header(string name, string header, int dataBytes, params string[] parts) =>
        new TestCaseData(header, dataBytes, parts).SetArgDisplayNames(name);
}
