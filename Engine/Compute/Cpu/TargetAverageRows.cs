namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>What an average of targets works on: pointers to 32 floats per row quantity, to panels, and to the references row by row.</summary>
internal readonly unsafe struct TargetAverageRows
{
    // Numbers of rows are compared as floats, of which one holds no more than 24 bits.
    public const int LowBits = 0xFFFF;

    public required int Columns { get; init; }

    /// <summary>Number of references.</summary>
    public required int Count { get; init; }

    /// <summary>References, <c>[count, columns]</c>.</summary>
    public required float* References { get; init; }

    /// <summary>Number of each reference's row in the data.</summary>
    public required int* ReferenceRows { get; init; }

    /// <summary>Group of each reference.</summary>
    public required int* ReferenceGroups { get; init; }

    /// <summary>-t.</summary>
    public required float* NegativeTimes { get; init; }

    /// <summary>1 / (2 sigma^2).</summary>
    public required float* Precisions { get; init; }

    /// <summary>-c_t / sigma^2, what the velocity's target gains per unit of delta.</summary>
    public required float* Slopes { get; init; }

    /// <summary>Groups, as floats.</summary>
    public required float* Groups { get; init; }

    /// <summary>Numbers of the rows in the data, as floats: the low bits.</summary>
    public required float* LowRows { get; init; }

    /// <summary>The other bits.</summary>
    public required float* HighRows { get; init; }

    /// <summary>x_t, a panel.</summary>
    public required float* Points { get; init; }

    /// <summary>The rows' own x_1, a panel.</summary>
    public required float* Own { get; init; }

    /// <summary>Scratch, a panel.</summary>
    public required float* Differences { get; init; }

    /// <summary>Scratch, 32 per reference.</summary>
    public required float* Exponents { get; init; }

    /// <summary>u*, a panel.</summary>
    public required float* Velocity { get; init; }

    /// <summary>t u* - x_t, a panel.</summary>
    public required float* Score { get; init; }
}
