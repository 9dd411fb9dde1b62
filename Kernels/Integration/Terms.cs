using FlowRatio.Kernels.Storage;

namespace FlowRatio.Kernels.Integration;

/// <summary>Up to eight matrices with their coefficients, in the order in which they are added. Fields, because arrays cannot be arguments.</summary>
internal struct Terms
{
    /// <summary>Largest number of terms.</summary>
    public const int Most = 8;

    /// <summary>Terms in use.</summary>
    public int Count;
    public MatrixView Matrix0;
    public MatrixView Matrix1;
    public MatrixView Matrix2;
    public MatrixView Matrix3;
    public MatrixView Matrix4;
    public MatrixView Matrix5;
    public MatrixView Matrix6;
    public MatrixView Matrix7;
    public double Coefficient0;
    public double Coefficient1;
    public double Coefficient2;
    public double Coefficient3;
    public double Coefficient4;
    public double Coefficient5;
    public double Coefficient6;
    public double Coefficient7;

    /// <summary>Appends a term.</summary>
    public void Append(MatrixView matrix, double coefficient)
    {
        switch (Count++)
        {
            case 0:
                (Matrix0, Coefficient0) = (matrix, coefficient);
                break;
            case 1:
                (Matrix1, Coefficient1) = (matrix, coefficient);
                break;
            case 2:
                (Matrix2, Coefficient2) = (matrix, coefficient);
                break;
            case 3:
                (Matrix3, Coefficient3) = (matrix, coefficient);
                break;
            case 4:
                (Matrix4, Coefficient4) = (matrix, coefficient);
                break;
            case 5:
                (Matrix5, Coefficient5) = (matrix, coefficient);
                break;
            case 6:
                (Matrix6, Coefficient6) = (matrix, coefficient);
                break;
            case 7:
                (Matrix7, Coefficient7) = (matrix, coefficient);
                break;
            default:
                throw new InvalidOperationException($"A launch takes {Most} terms.");
        }
    }

    /// <summary>start + the terms of one element, in float32.</summary>
    public readonly float AddTo(float start, int row, int column)
    {
        float sum = start;
        if (Count > 0)
        {
            sum += (float)Coefficient0 * Matrix0.Get(row, column);
        }

        if (Count > 1)
        {
            sum += (float)Coefficient1 * Matrix1.Get(row, column);
        }

        if (Count > 2)
        {
            sum += (float)Coefficient2 * Matrix2.Get(row, column);
        }

        if (Count > 3)
        {
            sum += (float)Coefficient3 * Matrix3.Get(row, column);
        }

        if (Count > 4)
        {
            sum += (float)Coefficient4 * Matrix4.Get(row, column);
        }

        if (Count > 5)
        {
            sum += (float)Coefficient5 * Matrix5.Get(row, column);
        }

        if (Count > 6)
        {
            sum += (float)Coefficient6 * Matrix6.Get(row, column);
        }

        if (Count > 7)
        {
            sum += (float)Coefficient7 * Matrix7.Get(row, column);
        }

        return sum;
    }

    /// <summary>The sum of the terms of one element, in float64.</summary>
    public readonly double Sum(int row, int column)
    {
        double sum = 0;
        if (Count > 0)
        {
            sum += Coefficient0 * Matrix0.Get(row, column);
        }

        if (Count > 1)
        {
            sum += Coefficient1 * Matrix1.Get(row, column);
        }

        if (Count > 2)
        {
            sum += Coefficient2 * Matrix2.Get(row, column);
        }

        if (Count > 3)
        {
            sum += Coefficient3 * Matrix3.Get(row, column);
        }

        if (Count > 4)
        {
            sum += Coefficient4 * Matrix4.Get(row, column);
        }

        if (Count > 5)
        {
            sum += Coefficient5 * Matrix5.Get(row, column);
        }

        if (Count > 6)
        {
            sum += Coefficient6 * Matrix6.Get(row, column);
        }

        if (Count > 7)
        {
            sum += Coefficient7 * Matrix7.Get(row, column);
        }

        return sum;
    }
}
