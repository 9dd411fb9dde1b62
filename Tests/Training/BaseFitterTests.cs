using FlowRatio.Engine.BaseFlows;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Tests.Training;

/// <summary>Fitted bases: the simplest structure that the data support, the true moments, no dependence on anything but data and seed.</summary>
public sealed class BaseFitterTests
{
    private const int Rows = 4000;

    [Test]
    public void Shifted_normals_share_one_spherical_covariance()
    {
        const int dimension = 6;
        var random = new RandomData(1);
        float[] below = random.Normal(Rows * dimension), above = [.. random.Normal(Rows * dimension).Select(x => x + 1)];
        BaseFlow flow = Fit(dimension, BaseKind.Gaussian, below, above);
        Assert.Multiple(() =>
        {
            Assert.That(flow.Summary, Is.EqualTo("gaussian, one spherical covariance"));
            Assert.That(Component(flow, 0).Blocks.SelectMany(block => block.Variances), Is.All.EqualTo(1).Within(0.03));
            Assert.That(Component(flow, 1).Mean, Is.All.EqualTo(1).Within(0.08));
        });
    }

    [Test]
    public void Correlated_pairs_are_found()
    {
        const int dimension = 8;
        float[] pairs = GaussianDistribution.Pairs(dimension, 0.8).Sample(Rows, 2), normal = new RandomData(3).Normal(Rows * dimension);
        BaseFlow flow = Fit(dimension, BaseKind.Gaussian, normal, pairs);
        Assert.Multiple(() =>
        {
            Assert.That(flow.Summary, Is.EqualTo("gaussian, 1 spherical, 1 block (4 blocks)"));
            Assert.That(Component(flow, 1).Blocks.Select(block => block.Coordinates.ToArray()), Is.EqualTo(new[] { new[] { 0, 1 }, [2, 3], [4, 5], [6, 7] }));
            foreach (EigenBlock block in Component(flow, 1).Blocks)
            {
                Assert.That(block.Variances.Order(), Is.EqualTo(new[] { 0.2, 1.8 }).Within(0.1));
            }
        });
    }

    [Test]
    public void A_full_covariance_is_kept_whole()
    {
        const int dimension = 5;
        GaussianDistribution target = GaussianDistribution.Random(dimension, 4);
        BaseFlow flow = Fit(dimension, BaseKind.Gaussian, target.Sample(Rows, 5), new RandomData(6).Normal(Rows * dimension));
        GaussianComponent fitted = Component(flow, 0);
        Assert.That(fitted.Blocks, Has.Length.EqualTo(1));
        float[] points = target.Sample(20, 7);
        double[] logs = [.. points.Chunk(dimension).Select(row => new BaseDensity(fitted).LogDensity(
            PathSchedule.Deterministic.Constants, 1, [.. row.Select(value => (double)value)]))];
        Assert.That(logs, Is.EqualTo(target.LogDensity(points)).Within(0.3));
    }

    [Test]
    public void Few_rows_in_many_dimensions_give_a_finite_base()
    {
        const int dimension = 30;
        BaseFlow flow = Fit(dimension, BaseKind.Gaussian, new RandomData(8).Normal(12 * dimension), new RandomData(9).Normal(7 * dimension));
        Assert.That(flow.Densities.SelectMany(d => d.Components).SelectMany(c => c.Blocks).SelectMany(b => b.Variances), Is.All.GreaterThan(0.1));
    }

    [Test]
    public void A_constant_coordinate_is_given_a_small_variance()
    {
        const int dimension = 3;
        float[] points = [.. new RandomData(10).Normal(500 * dimension).Select((x, i) => i % dimension == 1 ? 0 : x)];
        BaseFlow flow = Fit(dimension, BaseKind.Gaussian, points, new RandomData(11).Normal(500 * dimension));
        Assert.That(flow.Densities[0].Components[0].Blocks.SelectMany(block => block.Variances), Is.All.GreaterThan(1e-5));
    }

    [Test]
    public void A_mixture_is_found_with_its_components()
    {
        const int dimension = 4;
        var random = new RandomData(12);
        float[] two = [.. random.Normal(Rows * dimension, 0.7).Select((x, i) => x + (i / dimension % 4 == 0 ? 2 : -2))];
        BaseFlow flow = Fit(dimension, BaseKind.Mixture, two, random.Normal(Rows * dimension));
        GaussianComponent[] found = [.. flow.Densities[0].Components.OrderBy(component => component.Weight)];
        Assert.Multiple(() =>
        {
            Assert.That(flow.Summary, Is.EqualTo("mixture, 2 diagonal, 1 diagonal"));
            Assert.That(found[0].Weight, Is.EqualTo(0.25).Within(0.01));
            Assert.That(found[0].Mean, Is.All.EqualTo(2).Within(0.1));
            Assert.That(found[1].Mean, Is.All.EqualTo(-2).Within(0.1));
            Assert.That(found[1].Blocks.SelectMany(block => block.Variances), Is.All.EqualTo(0.49).Within(0.04));
        });
    }

    [Test]
    public void Gaussians_asked_for_as_mixtures_get_the_simpler_covariances()
    {
        const int dimension = 5;
        var random = new RandomData(13);
        BaseFlow flow = Fit(dimension, BaseKind.Mixture, random.Normal(Rows * dimension), random.Normal(Rows * dimension));
        Assert.That(flow.Summary, Is.EqualTo("gaussian, one spherical covariance"));
    }

    [Test]
    public void A_shared_base_is_the_same_for_every_condition()
    {
        const int dimension = 3;
        BaseFlow flow = Fit(
            dimension, BaseKind.Shared, new RandomData(14).Normal(Rows * dimension), [.. new RandomData(15).Normal(Rows * dimension).Select(x => x + 5)]);
        Assert.Multiple(() =>
        {
            Assert.That(flow.Densities, Has.Length.EqualTo(1));
            Assert.That(flow.NumberOf(new Condition(0)), Is.EqualTo(flow.NumberOf(new Condition(1))));
            Assert.That(flow.Densities[0].Components, Has.Length.EqualTo(2));
        });
    }

    [Test]
    public void The_same_rows_and_seed_give_the_same_base([Values(BaseKind.Gaussian, BaseKind.Mixture, BaseKind.Shared)] BaseKind kind)
    {
        const int dimension = 3;
        double[] Numbers()
        {
            var random = new RandomData(16);
            float[] a = [.. random.Normal(Rows * dimension).Select((x, i) => x + (i / dimension % 2 * 4))], b = random.Normal(Rows * dimension);
            return [.. Fit(dimension, kind, a, b).Densities.SelectMany(d => d.Components).SelectMany(c => c.Mean.Append(c.Weight))];
        }

        double[] first = Numbers();
        Assert.That(Numbers(), Is.EqualTo(first));
    }

    [Test]
    public void Dropped_covariates_pool_the_rows_that_match()
    {
        // Two covariates; (0, 0) at 0, (0, 1) at 4, (1, 0) at -4, and nothing at (1, 1).
        const int perGroup = 400;
        var random = new RandomData(17);
        float[] points = [.. random.Normal(3 * perGroup).Select((x, i) => x + (float)((i / perGroup) switch { 0 => 0, 1 => 4, _ => -4 }))];
        int[] first = [.. Enumerable.Range(0, 3 * perGroup).Select(i => i / perGroup == 2 ? 1 : 0)];
        int[] second = [.. Enumerable.Range(0, 3 * perGroup).Select(i => i / perGroup == 1 ? 1 : 0)];
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("a", ["x", "y"]), new CovariateVocabulary("b", ["x", "y"]));
        BaseFlow flow = BaseFitter.Fit(new TrainingSet(points, 1, vocabulary, [first, second]), new BaseChoice(BaseKind.Gaussian), [0.1, 0.1], 1);
        double Mean(int a, int b)
        {
            BaseDensity density = flow.Densities[flow.NumberOf(new Condition(a, b))];
            return density.Components.Sum(component => component.Weight * component.Mean[0]);
        }

        Assert.Multiple(() =>
        {
            Assert.That(Mean(0, 1), Is.EqualTo(4).Within(0.2));
            Assert.That(Mean(0, -1), Is.EqualTo(2).Within(0.2));
            Assert.That(Mean(-1, 0), Is.EqualTo(-2).Within(0.2));
            Assert.That(Mean(-1, -1), Is.EqualTo(0).Within(0.2));
            Assert.That(Mean(1, 1), Is.EqualTo(0).Within(0.2), "a combination without rows has the pooled base");
            Assert.That(flow.Table([2, 2]), Has.Length.EqualTo(9));
            Assert.That(flow.Table([2, 2])[(2 * 3) + 1], Is.EqualTo(flow.NumberOf(new Condition(1, 0))));
        });
    }

    [Test]
    public void A_dropped_covariate_with_hardly_any_rows_gets_what_all_rows_have()
    {
        // (0, 0) at -6 and (0, 1) at 6 have rows; three rows of (1, 0) say nothing about (1, any).
        float[] points = [.. new RandomData(18).Normal(803).Select((x, i) => i < 400 ? x - 6 : i < 800 ? x + 6 : x)];
        int[] first = [.. Enumerable.Range(0, 803).Select(i => i < 800 ? 0 : 1)], second = [.. Enumerable.Range(0, 803).Select(i => i is >= 400 and < 800 ? 1 : 0)];
        var vocabulary = new ConditionVocabulary(new CovariateVocabulary("a", ["x", "y"]), new CovariateVocabulary("b", ["x", "y"]));
        BaseFlow flow = BaseFitter.Fit(new TrainingSet(points, 1, vocabulary, [first, second]), new BaseChoice(BaseKind.Gaussian), [0.1, 0.1], 1);
        Assert.That(flow.NumberOf(new Condition(1, -1)), Is.EqualTo(flow.NumberOf(new Condition(-1, -1))));
        Assert.That(flow.Densities[flow.NumberOf(new Condition(1, -1))].Components.Sum(part => part.Weight * part.Mean[0]), Is.Zero.Within(0.2));
    }

    [Test]
    public void Drops_of_continuous_covariates_do_not_matter()
    {
        TrainingSet set = TrainingSet.FromClasses("c", 1, ("a", [1, 2]), ("b", [3]));
        Assert.That(new ConditionRows(set).WithDropped([0.5, 0.5]), Is.EqualTo(new[] { new Condition(Condition.Dropped) }));
    }

    [TestCase("none")]
    [TestCase("gaussian")]
    [TestCase("mixture")]
    [TestCase("mixture:8")]
    [TestCase("shared:3")]
    [TestCase("levels:200")]
    [TestCase("free-levels")]
    [TestCase("free-levels:800")]
    [TestCase("auto")]
    public void A_choice_reads_as_it_is_written(string text) => Assert.That(BaseChoice.Parse(text).ToString(), Is.EqualTo(text));

    [TestCase("mixture:3", 2)]
    [TestCase("factors:3", 3)]
    [TestCase("free-levels:6", 2)]
    public void The_number_of_threads_changes_nothing(string choice, int threads)
    {
        var random = new RandomData(16);
        TrainingSet set = TrainingSet.FromClasses("c", 2, ("0", random.Normal(Rows)), ("1", [.. random.Normal(Rows).Select(x => x * x)]));
        BaseFlow[] flows = [.. new[] { 1, threads }.Select(count => BaseFitter.Fit(set, BaseChoice.Parse(choice), [0], 1, count))];
        Assert.Multiple(() =>
        {
            Assert.That(flows[1].Summary, Is.EqualTo(flows[0].Summary));
            Assert.That(Numbers(flows[1]), Is.EqualTo(Numbers(flows[0])));
            Assert.That(
                () => BaseFitter.Fit(set, BaseChoice.Parse(choice), [0], 1, -1),
                Throws.TypeOf<ArgumentOutOfRangeException>().With.Property(nameof(ArgumentException.ParamName)).EqualTo("threads"));
        });

        static double[] Numbers(BaseFlow flow) =>
        [
            .. flow.Densities.SelectMany(density => density.Factors).SelectMany(factor => factor.Components)
                .SelectMany(component => component.Mean.Append(component.Weight).Concat(component.Blocks.SelectMany(block => block.Variances))),
        ];
    }

    [TestCase("")]
    [TestCase("gauss")]
    [TestCase("gaussian:2")]
    [TestCase("mixture:0")]
    [TestCase("mixture:x")]
    [TestCase("auto:3")]
    public void Another_choice_is_refused(string text) =>
        Assert.That(() => BaseChoice.Parse(text), Throws.ArgumentException.With.Message.Contains(BaseChoice.Syntax));

    private static GaussianComponent Component(BaseFlow flow, int category) =>
        flow.Densities[flow.NumberOf(new Condition(category))].Components.Single();

    private static BaseFlow Fit(int dimension, BaseKind kind, params float[][] classes) => BaseFitter.Fit(
        TrainingSet.FromClasses("c", dimension, [.. classes.Select((points, i) => ($"{i}", points))]), new BaseChoice(kind), [0], 1);
}
