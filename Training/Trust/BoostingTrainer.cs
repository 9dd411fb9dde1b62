using FlowRatio.Training.Data;

namespace FlowRatio.Training.Trust;

/// <summary>Adds trees against the label log-loss until that of a tenth of the rows, which they do not see, no longer falls.</summary>
internal static class BoostingTrainer
{
    private const int MostRounds = 300;
    private const int Patience = 15;
    private const double Rate = 0.08;
    private const int HeldOutParts = 10;

    /// <summary>Trains.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="seed">Seed of what is held out.</param>
    /// <param name="cancellation">Looked at before every round.</param>
    public static BoostedTrees Train(LabelledPoints data, ulong seed, CancellationToken cancellation)
    {
        int[] folds = StratifiedFolds.Assign(data.Labels, HeldOutParts, seed);
        LabelledPoints kept = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] != 0)]);
        LabelledPoints heldOut = data.Select([.. Enumerable.Range(0, data.Rows).Where(r => folds[r] == 0)]);
        double[] shares = kept.Shares([.. Enumerable.Range(0, kept.Rows)]);
        int logits = data.Classes == 2 ? 1 : data.Classes;
        double[] biases = logits == 1 ? [Math.Log(shares[1] / shares[0])] : [.. shares.Select(share => Math.Log(share))];
        var grower = new TreeGrower(kept.Points, data.Dimension);
        double[] own = Constant(kept.Rows, biases), probe = Constant(heldOut.Rows, biases);
        double[] gradients = new double[kept.Rows], curvatures = new double[kept.Rows];
        List<BoostedTrees.Tree> trees = [];
        double best = Loss(probe, heldOut.Labels, logits);
        int bestRound = 0;
        for (int round = 1; round <= MostRounds && round - bestRound <= Patience; round++)
        {
            cancellation.ThrowIfCancellationRequested();
            double[] before = [.. own];
            for (int k = 0; k < logits; k++)
            {
                Derivatives(before, kept.Labels, logits, k, gradients, curvatures);
                BoostedTrees.Tree tree = grower.Grow(gradients, curvatures, Rate);
                trees.Add(tree);
                Add(tree, kept, own, logits, k);
                Add(tree, heldOut, probe, logits, k);
            }

            double loss = Loss(probe, heldOut.Labels, logits);
            if (loss < best)
            {
                (best, bestRound) = (loss, round);
            }
        }

        return new BoostedTrees(logits, trees[..(bestRound * logits)]);
    }

    private static double[] Constant(int rows, double[] biases) => [.. Enumerable.Range(0, rows * biases.Length).Select(i => biases[i % biases.Length])];

    private static void Add(BoostedTrees.Tree tree, LabelledPoints data, double[] values, int logits, int k)
    {
        for (int r = 0; r < data.Rows; r++)
        {
            values[(r * logits) + k] += tree.At(data.Points.AsSpan(r * data.Dimension, data.Dimension));
        }
    }

    private static void Derivatives(double[] values, int[] labels, int logits, int k, double[] gradients, double[] curvatures)
    {
        for (int r = 0; r < labels.Length; r++)
        {
            double p = Probability(values.AsSpan(r * logits, logits), k);
            gradients[r] = p - (labels[r] == (logits == 1 ? 1 : k) ? 1 : 0);
            curvatures[r] = p * (1 - p);
        }
    }

    private static double Probability(ReadOnlySpan<double> logits, int k)
    {
        if (logits.Length == 1)
        {
            return 1 / (1 + Math.Exp(-logits[0]));
        }

        double sum = 0;
        foreach (double other in logits)
        {
            sum += Math.Exp(other - logits[k]);
        }

        return 1 / sum;
    }

    private static double Loss(double[] values, int[] labels, int logits)
    {
        double total = 0;
        for (int r = 0; r < labels.Length; r++)
        {
            ReadOnlySpan<double> own = values.AsSpan(r * logits, logits);
            double p = logits == 1 && labels[r] == 0 ? 1 - Probability(own, 0) : Probability(own, logits == 1 ? 0 : labels[r]);
            total -= Math.Log(Math.Max(p, 1e-300));
        }

        return total / labels.Length;
    }
}
