using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;

namespace FlowRatio.Engine.Estimation;

/// <summary>How many points are computed together.</summary>
internal static class ChunkSize
{
    /// <summary>
    /// As many as the options (or else the backend) ask for, fewer where they would need more memory than the backend allows: then a multiple of
    /// the backend's <see cref="ComputeBackend.RowGranularity"/>, as a part of it would cost as much as the whole.
    /// </summary>
    /// <param name="flow">The flow.</param>
    /// <param name="options">Options.</param>
    /// <param name="stack">Segments of an evaluation.</param>
    public static int Rows(ConditionalFlow flow, EstimationOptions options, in StackLayout stack)
    {
        // No matrix may have more than 2^31 - 1 elements of four bytes; a workspace of that size surely holds none that has.
        const long largest = sizeof(float) * (long)int.MaxValue;
        long fitting = Math.Min(flow.Backend.WorkspaceBytes, largest) / flow.WorkspaceBytesPerRow(stack);
        int granularity = flow.Backend.RowGranularity;
        long whole = Math.Max(granularity, fitting / granularity * granularity);
        return (int)Math.Min(whole, options.ChunkRows ?? flow.Backend.PreferredRows);
    }
}
