using FlowRatio.Benchmarks.Published;
using FlowRatio.Benchmarks.Reproduction;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Benchmarks;

/// <summary>The published results that pages show.</summary>
public sealed class PublishedResultsTests
{
    [Test]
    public void Figures_of_the_paper_are_found()
    {
        PublishedSeries flow = PublishedResults.All.FindGaussian("s1", PathSchedule.Deterministic, 1)!;
        Assert.That(flow.Mse![10], Is.EqualTo(0.112));
        Assert.That(flow.StdError, Is.Null, "no spread was published");
        Assert.That(PublishedResults.All.FindGaussian("ctsm", null, 1)!.Mse![10], Is.EqualTo(0.3028).Within(1e-3));
        Assert.That(PublishedResults.All.FindMutualInformation("s2", PathSchedule.Deterministic, inPaper: true)!.AbsError![40], Is.EqualTo(0.351));
        Assert.That(PublishedResults.All.FindMutualInformation("s2", PathSchedule.Deterministic, inPaper: false)!.AbsError![40], Is.LessThan(0.06));
    }

    [Test]
    public void A_schedule_with_other_parameters_has_no_counterpart()
    {
        foreach (PathSchedule schedule in ReproductionGrid.PublishedSchedules)
        {
            Assert.That(PublishedResults.All.FindGaussian("naive", schedule, 2), Is.Not.Null);
        }

        Assert.That(PublishedResults.All.FindGaussian("naive", PathSchedule.NoiseAtData(0.01), 1), Is.Null);
        Assert.That(PublishedResults.All.FindGaussian("s3", PathSchedule.Deterministic, 1), Is.Null, "not a published method");
        Assert.That(PublishedResults.All.FindGaussian("s1", PathSchedule.Deterministic, 3), Is.Null);
    }

    [Test]
    public void Every_series_has_positive_values_at_the_published_dimensions()
    {
        foreach (PublishedSeries series in PublishedResults.All.Gaussian)
        {
            Assert.That(series.Mse!.Keys, Is.EqualTo(new[] { 2, 5, 10, 20, 30 }));
            Assert.That(series.Mse.Values, Has.All.Positive);
        }

        foreach (PublishedSeries series in PublishedResults.All.Mi)
        {
            Assert.That(series.AbsError!.Keys, Is.EqualTo(new[] { 20, 40, 80, 160, 320 }));
            Assert.That(series.StdError!.Keys, Is.EqualTo(series.AbsError.Keys));
        }
    }
}
