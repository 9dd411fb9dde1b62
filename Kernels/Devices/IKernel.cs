namespace FlowRatio.Kernels.Devices;

/// <summary>
/// A kernel is the struct of its arguments with a static function that every thread of the grid runs. The function is compiled for
/// the device, so it uses nothing but views, arithmetic, and what ILGPU knows (docs/gpu.md).
/// </summary>
/// <typeparam name="TSelf">The struct itself.</typeparam>
internal interface IKernel<TSelf>
    where TSelf : struct, IKernel<TSelf>
{
    /// <summary>Whether threads of a group share memory and wait for each other.</summary>
    static abstract bool HasBarriers { get; }

    /// <summary>Whether two launches run the same code; not so where the arguments name the code.</summary>
    static virtual bool RunSameCode(in TSelf one, in TSelf other) => true;

    /// <summary>What one thread does.</summary>
    /// <param name="k">The arguments.</param>
    static abstract void Run(TSelf k);
}
