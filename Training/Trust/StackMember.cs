using FlowRatio.Engine.Models;

namespace FlowRatio.Training.Trust;

/// <summary>
/// A way to tell classes apart, fitted once per repeat and fold without the rows of that fold. A new row has the mean over all fits, a row that was trained on
/// the mean over those that did not see it.
/// </summary>
internal abstract class StackMember
{
    /// <summary>Name in files.</summary>
    public abstract string Name { get; }

    /// <summary>Number of variants: settings between which the stack chooses.</summary>
    public virtual int Variants => 1;

    /// <summary>log p(x | c) up to a term of x alone.</summary>
    /// <param name="points">Row-major <c>[rows, d]</c>, standardised.</param>
    /// <param name="folds">Row-major <c>[rows, repeats]</c>; -1 for new rows.</param>
    /// <param name="repeats">Columns of the folds.</param>
    /// <param name="parallel">Threads, and cancellation.</param>
    /// <returns>Per variant row-major <c>[rows, classes]</c>.</returns>
    public abstract double[][] Evaluate(float[] points, sbyte[] folds, int repeats, ParallelOptions parallel);

    /// <summary>Its numbers.</summary>
    /// <param name="prefix">Before the names.</param>
    public abstract IEnumerable<SafetensorsTensor> Tensors(string prefix);

    /// <summary>Numbers of the fits that a row takes part in, out of repeats x folds.</summary>
    /// <param name="folds">The row's folds.</param>
    /// <param name="repeats">Repeats of this member, at most those of the folds.</param>
    protected static IEnumerable<int> Fits(ReadOnlyMemory<sbyte> folds, int repeats)
    {
        for (int q = 0; q < repeats; q++)
        {
            for (int k = 0; k < FoldTable.Folds; k++)
            {
                if (folds.Span[q] == k || folds.Span[q] < 0)
                {
                    yield return (q * FoldTable.Folds) + k;
                }
            }
        }
    }
}
