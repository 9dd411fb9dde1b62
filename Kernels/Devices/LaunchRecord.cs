using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowRatio.Kernels.Devices;

/// <summary>One launch as it was asked for.</summary>
/// <param name="shape">Groups and threads.</param>
internal abstract class LaunchRecord(LaunchShape shape)
{
    /// <summary>Groups and threads.</summary>
    public LaunchShape Shape => shape;

    /// <summary>Hands the launch to a device: to run, or to record where that is what the device does now.</summary>
    public abstract void HandTo(Device device);

    /// <summary>A copy that later changes do not reach.</summary>
    public abstract LaunchRecord Copy();
}

/// <summary>A launch of one kernel.</summary>
/// <typeparam name="TKernel">The kernel.</typeparam>
/// <param name="kernel">Its arguments.</param>
/// <param name="shape">Groups and threads.</param>
internal sealed class LaunchRecord<TKernel>(in TKernel kernel, LaunchShape shape) : LaunchRecord(shape)
    where TKernel : struct, IKernel<TKernel>
{
    private TKernel arguments = kernel;

    /// <summary>Whether another launch differs in its arguments at most.</summary>
    public bool IsLike(in TKernel kernel, LaunchShape shape) => Shape == shape && TKernel.RunSameCode(arguments, kernel);

    /// <summary>Takes other arguments.</summary>
    /// <returns>Whether they differ from those before.</returns>
    public bool Change(in TKernel kernel)
    {
        if (Bytes(ref Unsafe.AsRef(in kernel)).SequenceEqual(Bytes(ref arguments)))
        {
            return false;
        }

        arguments = kernel;
        return true;
    }

    /// <inheritdoc/>
    public override void HandTo(Device device) => device.LaunchCore(arguments, Shape);

    /// <inheritdoc/>
    public override LaunchRecord Copy() => new LaunchRecord<TKernel>(arguments, Shape);

    /// <summary>
    /// The bits of the arguments. Views hold references on the host; should one be moved in the middle of a comparison, or should padding
    /// differ, equal arguments count as changed, which costs an update and nothing else.
    /// </summary>
    private static ReadOnlySpan<byte> Bytes(ref TKernel kernel) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<TKernel, byte>(ref kernel), Unsafe.SizeOf<TKernel>());
}
