using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.Trust;

namespace FlowRatio.Tests.Training.Trust;

/// <summary>Weights by label log-loss, and the regressions and trees that they weigh.</summary>
public sealed class StackFitTests
{
    [Test]
    public void A_column_that_knows_gets_its_scale_and_noise_gets_nothing()
    {
        var random = new RandomData(21);
        float[] known = random.Normal(4000), noise = random.Normal(4000), draws = random.Uniform(4000, 0, 1);
        int[] labels = [.. known.Select((value, i) => draws[i] < 1 / (1 + Math.Exp(-value)) ? 1 : 0)];
        double[] Column(float[] values, double scale) => [.. values.SelectMany(value => (double[])[0, scale * value])];
        double[] logShares = [Math.Log(0.5), Math.Log(0.5)];
        double[] weights = StackFit.Run([Column(known, 2), Column(noise, 1)], labels, logShares, price: 2);
        Assert.That(weights[0], Is.EqualTo(0.5).Within(0.05), "half of twice the log-odds");
        Assert.That(weights[1], Is.LessThan(0.03));
        double[] alone = StackFit.Run([Column(noise, -1)], labels, logShares, price: 20);
        Assert.That(alone[0], Is.Zero);

        // The optimum: the loss rises on both sides.
        double Loss(double weight) => StackWeights.Loss(Column(known, 2), weight, labels, logShares);
        double best = StackFit.Run([Column(known, 2)], labels, logShares, price: 0)[0];
        Assert.That(Loss(best), Is.LessThan(Loss(best - 0.01)).And.LessThan(Loss(best + 0.01)));
    }

    [Test]
    public void Ridge_regressions_end_where_the_gradient_is_zero([Values(2, 3)] int classes)
    {
        var random = new RandomData(22);
        const int Count = 5, Rows = 150;
        const double Penalty = 3;
        float[] features = random.Normal(Rows * Count);
        int[] labels = [.. Enumerable.Range(0, Rows).Select(r => features[r * Count] > 0.2 * r / Rows ? r % classes : 0)];
        var fit = new LogitFit(features, Count, labels, classes);
        int[] rows = [.. Enumerable.Range(0, Rows)];
        double[] weights = fit.Run(rows, Penalty, null, default);

        double Objective(double[] at)
        {
            double total = 0;
            double[] logits = new double[Rows * classes];
            for (int r = 0; r < Rows; r++)
            {
                for (int k = 0; k < fit.Logits; k++)
                {
                    double logit = at[((k + 1) * (Count + 1)) - 1];
                    for (int j = 0; j < Count; j++)
                    {
                        logit += at[(k * (Count + 1)) + j] * features[(r * Count) + j];
                    }

                    logits[(r * classes) + (classes == 2 ? 1 : k)] = logit;
                }
            }

            total += Rows * LogLoss.Mean(logits, labels);
            return total + (0.5 * Penalty * at.Where((_, i) => (i + 1) % (Count + 1) != 0).Sum(value => value * value));
        }

        double lowest = Objective(weights);
        for (int i = 0; i < weights.Length; i++)
        {
            foreach (double step in (double[])[-0.05, 0.05])
            {
                double[] moved = [.. weights];
                moved[i] += step;
                Assert.That(Objective(moved), Is.GreaterThan(lowest - 1e-4));
            }
        }
    }

    [Test]
    public void Trees_find_a_threshold()
    {
        var random = new RandomData(23);
        float[] points = random.Normal(6000), draws = random.Uniform(3000, 0, 1);
        int[] labels = [.. Enumerable.Range(0, 3000).Select(r => draws[r] < (points[2 * r] > 0.4 ? 0.9 : 0.2) ? 1 : 0)];
        BoostedTrees trees = BoostingTrainer.Train(new LabelledPoints(points, 2, labels, 2), seed: 1, default);
        double share = labels.Average();
        double Odds(float x)
        {
            double[] logit = [Math.Log(share / (1 - share))];
            trees.Add([x, 0], logit);
            return logit[0];
        }

        Assert.That(Odds(1.2f), Is.EqualTo(Math.Log(9)).Within(0.7));
        Assert.That(Odds(-1), Is.EqualTo(Math.Log(0.25)).Within(0.7));
    }

    [Test]
    public void Copies_of_a_row_share_a_fold()
    {
        float[] points = new RandomData(24).Normal(40);
        float[] twice = [.. points, .. points];
        int[] labels = [.. Enumerable.Range(0, 40).Select(r => r % 2)];
        FoldTable folds = FoldTable.Deal(twice, 2, labels, repeats: 3, seed: 5);
        sbyte[] found = folds.Of(twice, 2);
        Assert.That(folds.Digests, Has.Count.EqualTo(20));
        sbyte[] copies = found[60..];
        Assert.That(found[..60], Is.EqualTo(copies));
        Assert.That(found, Is.All.InRange(0, 4));
        Assert.That(folds.Of([0.5f, 0.25f], 2), Is.All.EqualTo(-1));
        Assert.That(folds.Of([-0f, 1f], 2), Is.EqualTo(folds.Of([0f, 1f], 2)));
    }
}
