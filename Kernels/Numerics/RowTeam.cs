using FlowRatio.Kernels.Devices;

namespace FlowRatio.Kernels.Numerics;

/// <summary>
/// Sums over the columns of a row: eight neighbouring threads take a row, so that they read 32 consecutive bytes, and eight rows make a
/// group. The order of a sum depends on the number of columns alone.
/// </summary>
internal static class RowTeam
{
    /// <summary>Threads per row.</summary>
    public const int Lanes = 8;

    /// <summary>Rows per group.</summary>
    public const int Rows = LaunchShape.TeamThreads / Lanes;

    /// <summary>This thread's place in its row's team: it starts at this column and goes on in steps of <see cref="Lanes"/>.</summary>
    public static int Lane => Group.IdxX % Lanes;

    /// <summary>The row of this thread's team.</summary>
    public static int Row => (Grid.IdxX * Rows) + (Group.IdxX / Lanes);

    /// <summary>Groups for so many rows.</summary>
    public static int Groups(int rows) => (rows + Rows - 1) / Rows;

    /// <summary>Sum of the team's values, to all threads of the team. Every thread of the group must call it, once per kernel.</summary>
    public static double Sum(double value)
    {
        ArrayView<double> parts = SharedMemory.Allocate<double>(LaunchShape.TeamThreads);
        parts[Group.IdxX] = value;
        Group.Barrier();
        int first = Group.IdxX - Lane;
        double sum = 0;
        for (int i = 0; i < Lanes; i++)
        {
            sum += parts[first + i];
        }

        return sum;
    }
}
