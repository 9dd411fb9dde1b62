using FlowRatio.Applications;
using FlowRatio.Applications.Abundance;
using FlowRatio.Applications.BatchEffect;
using FlowRatio.Applications.Combination;
using FlowRatio.Applications.Response;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training;

namespace FlowRatio.Tests.Applications;

/// <summary>The applications on small simulated cells whose answer is known.</summary>
public sealed class ApplicationRunTests
{
    private const int Dimension = 2;

    private static readonly FlowSettings Flow = new()
    {
        Training = new TrainingOptions
        {
            Network = new NetworkShape(1, []) { HeadHidden = 32, HeadLayers = 2, DataHidden = 32 },
            Steps = 400,
            BatchSize = 256,
            AverageDecay = 0.98,
            LearningRate = FlowRatio.Training.Optimizers.LearningRateSchedule.WarmUpCosine(2e-3),
        },
    };

    private static readonly ClassifierTrainingOptions Classifier = new() { Hidden = 24, Steps = 400 };

    [Test]
    public void Abundance_finds_the_changed_clusters_of_three_clouds()
    {
        CellTable cells = Cells(900, r => (4f * (r % 3), 0), ("cluster", r => r % 3, 3));
        ClusterRole[] roles = [ClusterRole.Unchanged, ClusterRole.MoreTreated, ClusterRole.MoreControl];
        var options = new AbundanceOptions { Levels = [0, 0.4], Seeds = [1], Flow = Flow, Classifier = Classifier, Folds = 2 };
        using var backend = new CpuBackend(1);
        AbundanceResult result = AbundanceRun.Run(cells, cells.Covariate("cluster"), roles, options, backend);
        Assert.Multiple(() =>
        {
            foreach (AbundanceScore score in result.Scores.Where(score => score.Level > 0))
            {
                Assert.That(score.Metrics.Csp, Is.GreaterThan(0.9), score.Method);
                Assert.That(score.Metrics.PrAuc, Is.GreaterThan(0.9), score.Method);
                Assert.That(score.Missing, Is.Zero, score.Method);
            }

            Assert.That(result.Scores, Has.Count.EqualTo(2 * (AbundanceMethod.All.Count + 1)));
            Assert.That(result.Shown.LogRatios[AbundanceMethod.Flow], Has.Count.EqualTo(900));
            Assert.That(result.Summaries(0.3).Single(s => s.Method == AbundanceMethod.Truth).PrAuc.HighMean.Mean, Is.EqualTo(1));
        });
    }

    [Test]
    public void A_shifted_batch_is_found_and_standardisation_removes_it()
    {
        CellTable cells = Cells(1200, r => (r % 2 == 0 ? 0 : 1.5f, 0), ("type", r => r / 2 % 2, 2), ("batch", r => r % 2, 2));
        var options = new BatchEffectOptions { Flow = Flow, Permutations = 199, NullTrainings = 1, HeldOut = 0.5 };
        using var backend = new CpuBackend(1);
        BatchEffectResult result = BatchEffectRun.Run(cells, cells.Covariate("type"), cells.Covariate("batch"), null, options, backend);
        Assert.Multiple(() =>
        {
            // N(0, 1) against N(1.5, 1), mixed equally: the information is 0.2212 nats (by quadrature).
            Assert.That(result.Before.Information, Is.EqualTo(0.2212).Within(0.08));
            Assert.That(result.Before.P, Is.EqualTo(1.0 / 200));
            Assert.That(result.After.Information, Is.LessThan(0.05));
            Assert.That(result.Null[0].Information, Is.LessThan(0.05));
            Assert.That(result.Null[0].P, Is.GreaterThan(0.005));
            Assert.That(result.Sign.RootMeanSquareDifference, Is.GreaterThan(0.05), "the sign matters");
            Assert.That(result.Sign.RightMeanAbsolute, Is.EqualTo(result.Before.DroppedMeanAbsolute).Within(0.15), "another field, one value");
        });
    }

    [Test]
    public void Combinations_agree_with_the_classifiers_and_rank_the_effects()
    {
        // Three backgrounds; the second treatment moves cells by 0.5, 1 and 2.
        float[] shifts = [0.5f, 1, 2];
        CellTable cells = Cells(1800, r => (r % 3 * 5f, r / 3 % 2 == 0 ? 0 : shifts[r % 3]), ("a", r => r % 3, 3), ("b", r => r / 3 % 2, 2));
        var options = new CombinationOptions { Flow = Flow with { Folds = 2 }, Classifier = new GroupClassifier { Training = Classifier, Folds = 3 } };
        using var backend = new CpuBackend(1);
        CombinationResult result = CombinationRun.Run(cells, cells.Covariate("a"), cells.Covariate("b"), "0", options, backend);
        Assert.Multiple(() =>
        {
            Assert.That(result.Pairs, Has.Count.EqualTo(3));
            Assert.That(result.Spearman, Is.EqualTo(1));
            Assert.That(result.CellPearson, Is.GreaterThan(0.85));
            Assert.That(result.CellRatios.Count(double.IsFinite), Is.EqualTo(900), "cells of (a, b)");
            Assert.That(
                () => CombinationRun.Run(cells, cells.Covariate("a"), cells.Covariate("b"), "9", options, backend),
                Throws.ArgumentException.With.Message.Contains("'9'"));
        });
    }

    [Test]
    public void Donors_that_respond_alike_agree_and_four_of_them_give_no_p_below_one_eighth()
    {
        CellTable cells = Cells(1600, r => (r % 4 * 0.3f, r / 4 % 2 == 0 ? 0 : 1.5f), ("donor", r => r % 4, 4), ("arm", r => r / 4 % 2, 2));
        var options = new ResponseOptions { Flow = Flow with { Folds = 2 }, Classifier = new GroupClassifier { Training = Classifier, Folds = 3 } };
        using var backend = new CpuBackend(1);
        ResponseResult result = ResponseRun.Run(cells, cells.Covariate("donor"), cells.Covariate("arm"), "1", "0", null, options, backend);
        Assert.Multiple(() =>
        {
            // Half the symmetric divergence of N(0, 1) and N(1.5, 1): 1.5^2 / 2 = 1.125 nats; 200 cells per arm and donor.
            // The flow is small and trained for a second: half of the truth is granted.
            Assert.That(result.Strength.Mean, Is.EqualTo(1.125).Within(0.56));
            Assert.That(result.Donors.Select(donor => donor.Transfer), Has.All.Positive);
            Assert.That((result.P, result.SmallestP), Is.EqualTo(((double?)0.125, (double?)0.125)));
            Assert.That(result.Pearson, Is.GreaterThan(0.85));
        });
    }

    private static CellTable Cells(int rows, Func<int, (float X, float Y)> centre, params (string Name, Func<int, int> Code, int Categories)[] covariates)
    {
        float[] points = new RandomData(61).Normal(rows * Dimension);
        for (int r = 0; r < rows; r++)
        {
            points[Dimension * r] += centre(r).X;
            points[(Dimension * r) + 1] += centre(r).Y;
        }

        return new CellTable(
            points,
            Dimension,
            [
                .. covariates.Select(covariate => new CellCovariate(
                    covariate.Name,
                    [.. Enumerable.Range(0, covariate.Categories).Select(c => $"{c}")],
                    [.. Enumerable.Range(0, rows).Select(covariate.Code)])),
            ],
            PrincipalPlane.Of(points, Dimension));
    }
}
