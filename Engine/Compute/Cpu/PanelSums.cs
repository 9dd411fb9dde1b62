using System.Runtime.Intrinsics;

namespace FlowRatio.Engine.Compute.Cpu;

/// <summary>Sums over features for the 32 rows of a panel, in float64 and in the order of the features.</summary>
internal static unsafe class PanelSums
{
    /// <summary>sums[lane] += sum over j of left[j][lane] right[j][lane].</summary>
    public static void AddProducts(float* left, float* right, int columns, double* sums)
    {
        for (int lane = 0; lane < CpuMatrix.PanelRows; lane += Vector256<float>.Count)
        {
            Vector256<double> low = Vector256.Load(sums + lane);
            Vector256<double> high = Vector256.Load(sums + lane + 4);
            for (int j = 0; j < columns; j++)
            {
                (Vector256<double> a, Vector256<double> b) = Vector256.Widen(Vector256.Load(left + (j * CpuMatrix.PanelRows) + lane));
                (Vector256<double> c, Vector256<double> d) = Vector256.Widen(Vector256.Load(right + (j * CpuMatrix.PanelRows) + lane));
                low += a * c;
                high += b * d;
            }

            low.Store(sums + lane);
            high.Store(sums + lane + 4);
        }
    }

    /// <summary>sums[lane] += sum over j of (left[j][lane] - minus[j][lane]) right[j][lane].</summary>
    public static void AddDifferenceProducts(float* left, float* minus, float* right, int columns, double* sums)
    {
        for (int lane = 0; lane < CpuMatrix.PanelRows; lane++)
        {
            double sum = sums[lane];
            for (int j = 0; j < columns; j++)
            {
                int at = (j * CpuMatrix.PanelRows) + lane;
                sum += ((double)left[at] - minus[at]) * right[at];
            }

            sums[lane] = sum;
        }
    }
}
