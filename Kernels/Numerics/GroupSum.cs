using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Numerics;

/// <summary>The sum over the threads of a group, in an order that never changes.</summary>
internal static class GroupSum
{
    /// <summary>Sum of the group's values, for thread 0. Every thread of the group must call it, once per kernel.</summary>
    public static double Of(double value)
    {
        ArrayView<double> parts = SharedMemory.Allocate<double>(LaunchShape.TeamThreads);
        parts[Group.IdxX] = value;
        for (int half = LaunchShape.TeamThreads / 2; half > 0; half /= 2)
        {
            Group.Barrier();
            if (Group.IdxX < half)
            {
                parts[Group.IdxX] += parts[Group.IdxX + half];
            }
        }

        return parts[0];
    }
}
