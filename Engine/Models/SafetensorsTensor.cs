using System.Buffers.Binary;
using System.Collections.Immutable;

namespace FlowRatio.Engine.Models;

/// <summary>A named array of a <see cref="SafetensorsFile"/>: row-major, little-endian.</summary>
public sealed class SafetensorsTensor
{
    private readonly byte[] data;

    /// <summary>Takes data that have been checked to be as long as type and shape say.</summary>
    internal SafetensorsTensor(string name, SafetensorsType type, ImmutableArray<long> shape, byte[] data)
    {
        Name = name;
        Type = type;
        Shape = shape;
        this.data = data;
    }

    /// <summary>Name.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public SafetensorsType Type { get; }

    /// <summary>Length of each dimension; empty for a single number.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => data.Length / ElementBytes(Type);

    /// <summary>The elements as the file stores them.</summary>
    internal ReadOnlySpan<byte> Data => data;

    /// <summary>A tensor of float32.</summary>
    /// <param name="name">Name, not empty.</param>
    /// <param name="values">Elements, row-major.</param>
    /// <param name="shape">Length of each dimension.</param>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static SafetensorsTensor Of(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = Allocate(name, SafetensorsType.F32, values.Length, shape);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(i * sizeof(float)), values[i]);
        }

        return new SafetensorsTensor(name, SafetensorsType.F32, [.. shape], data);
    }

    /// <summary>A tensor of float64.</summary>
    /// <param name="name">Name, not empty.</param>
    /// <param name="values">Elements, row-major.</param>
    /// <param name="shape">Length of each dimension.</param>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static SafetensorsTensor Of(string name, ReadOnlySpan<double> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = Allocate(name, SafetensorsType.F64, values.Length, shape);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(data.AsSpan(i * sizeof(double)), values[i]);
        }

        return new SafetensorsTensor(name, SafetensorsType.F64, [.. shape], data);
    }

    /// <summary>A tensor of 64-bit integers.</summary>
    /// <param name="name">Name, not empty.</param>
    /// <param name="values">Elements, row-major.</param>
    /// <param name="shape">Length of each dimension.</param>
    /// <exception cref="ArgumentException">The shape does not hold as many elements.</exception>
    public static SafetensorsTensor Of(string name, ReadOnlySpan<long> values, params ReadOnlySpan<long> shape)
    {
        byte[] data = Allocate(name, SafetensorsType.I64, values.Length, shape);
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(i * sizeof(long)), values[i]);
        }

        return new SafetensorsTensor(name, SafetensorsType.I64, [.. shape], data);
    }

    /// <summary>The elements of a float32 tensor.</summary>
    /// <exception cref="InvalidDataException">Another type.</exception>
    public float[] ToSingle()
    {
        RequireType(SafetensorsType.F32);
        float[] values = new float[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadSingleLittleEndian(data.AsSpan(i * sizeof(float)));
        }

        return values;
    }

    /// <summary>The elements of a float64 tensor.</summary>
    /// <exception cref="InvalidDataException">Another type.</exception>
    public double[] ToDouble()
    {
        RequireType(SafetensorsType.F64);
        double[] values = new double[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadDoubleLittleEndian(data.AsSpan(i * sizeof(double)));
        }

        return values;
    }

    /// <summary>The elements of a tensor of real numbers, rounded to float32.</summary>
    /// <exception cref="InvalidDataException">A tensor of integers.</exception>
    public float[] ToSingleRounded() => Type == SafetensorsType.F64 ? [.. ToDouble().Select(value => (float)value)] : ToSingle();

    /// <summary>The elements of a tensor of real numbers.</summary>
    /// <exception cref="InvalidDataException">A tensor of integers.</exception>
    public double[] ToReal() => Type == SafetensorsType.F32 ? Array.ConvertAll(ToSingle(), value => (double)value) : ToDouble();

    /// <summary>The elements of an integer tensor.</summary>
    /// <exception cref="InvalidDataException">Another type.</exception>
    public long[] ToInt64()
    {
        RequireType(SafetensorsType.I64);
        long[] values = new long[Count];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = BinaryPrimitives.ReadInt64LittleEndian(data.AsSpan(i * sizeof(long)));
        }

        return values;
    }

    /// <summary>The same tensor by another name.</summary>
    internal SafetensorsTensor Named(string name) => new(name, Type, Shape, data);

    /// <summary>Asserts the shape of a tensor that was read.</summary>
    /// <param name="shape">Length of each dimension.</param>
    /// <returns>This tensor.</returns>
    /// <exception cref="InvalidDataException">Another shape.</exception>
    public SafetensorsTensor RequireShape(params ReadOnlySpan<long> shape) => Shape.AsSpan().SequenceEqual(shape)
        ? this
        : throw new InvalidDataException(
            $"Tensor '{Name}' is [{string.Join(", ", Shape)}]; [{string.Join(", ", shape.ToArray())}] is needed.");

    /// <summary>Bytes per element.</summary>
    internal static int ElementBytes(SafetensorsType type) => type == SafetensorsType.F32 ? sizeof(float) : sizeof(long);

    private static byte[] Allocate(string name, SafetensorsType type, int count, ReadOnlySpan<long> shape)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        long elements = 1;
        foreach (long length in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(length, nameof(shape));
            elements = checked(elements * length);
        }

        return elements == count
            ? new byte[checked(count * ElementBytes(type))]
            : throw new ArgumentException(
                $"Tensor '{name}' of shape [{string.Join(", ", shape.ToArray())}] has {count} values; {elements} are needed.", nameof(shape));
    }

    private void RequireType(SafetensorsType type)
    {
        if (Type != type)
        {
            throw new InvalidDataException($"Tensor '{Name}' holds {Type}, not {type}.");
        }
    }
}
