using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Solvers;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Estimation;

/// <summary>Means over flows (<see cref="EstimationResult.MeanOf"/>).</summary>
public sealed class EnsembleTests
{
    private const int Points = 9;

    [Test]
    public void A_mean_is_the_mean_of_the_members_and_its_error_that_of_independent_probes()
    {
        EstimationResult[] members = [Result(3, Points), Result(4, Points), Result(5, Points)];
        var mean = EstimationResult.MeanOf(members);
        for (int i = 0; i < Points; i++)
        {
            Assert.That(mean.Values[i], Is.EqualTo(members.Average(member => member.Values[i])).Within(1e-12));
            Assert.That(mean.Disagreements![i], Is.EqualTo(members.Average(member => member.Disagreements![i])).Within(1e-12));
            Assert.That(mean.SourceDeviations![i], Is.EqualTo(members.Average(member => member.SourceDeviations![i])).Within(1e-12));
            double squares = members.Sum(member => member.StandardErrors![i] * member.StandardErrors[i]);
            Assert.That(mean.StandardErrors![i], Is.EqualTo(Math.Sqrt(squares) / 3).Within(1e-12));
        }

        Assert.That(mean.EvaluationsPerPoint, Is.EqualTo(members.Sum(member => member.EvaluationsPerPoint)));
        Assert.That(mean.Failures, Is.Empty);
    }

    [Test]
    public void A_single_member_is_its_own_mean()
    {
        EstimationResult member = Result(3, Points);
        var mean = EstimationResult.MeanOf([member]);
        Assert.That(mean.Values, Is.EqualTo(member.Values));
        Assert.That(mean.StandardErrors, Is.EqualTo(member.StandardErrors).Within(1e-15));
        Assert.That(mean.Trajectories, Is.EqualTo(member.Trajectories));
    }

    [Test]
    public void A_member_that_failed_spoils_the_point_and_says_so()
    {
        float[] far = Array(Points);
        far[0] = float.MaxValue;
        var mean = EstimationResult.MeanOf([Result(3, Points), Result(4, Points, far)]);
        Assert.That(mean.Values[0], Is.NaN);
        Assert.That(mean.Status(0), Is.Not.EqualTo(SolveStatus.Converged));
        Assert.That(mean.Failures, Has.Count.EqualTo(1));
        Assert.That(mean.Status(1), Is.EqualTo(SolveStatus.Converged));
    }

    [Test]
    public void Members_of_other_sizes_and_none_at_all_are_refused()
    {
        Assert.That(() => EstimationResult.MeanOf([]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => EstimationResult.MeanOf([Result(3, Points), Result(3, Points - 1)]),
            Throws.ArgumentException.With.Message.Contains("9 and 8 points"));
    }

    private static float[] Array(int points) => new RandomData(4).Uniform(5 * points, -2, 2);

    private static EstimationResult Result(ulong seed, int points, float[]? at = null)
    {
        using var cpu = new CpuBackend(1);
        var options = new EstimationOptions { Divergence = DivergenceMethod.Hutchinson(probes: 2), Seed = seed, Steps = 3 };
        using var estimator = new LogRatioEstimator(ExactTask.Model([2], seed: seed), options, cpu);
        return estimator.Estimate(at ?? Array(points), ExactTask.First, ExactTask.Second);
    }
}
