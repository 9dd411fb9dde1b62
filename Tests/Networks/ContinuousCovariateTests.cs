using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Compute.Reference;
using FlowRatio.Engine.Estimation;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;
using FlowRatio.Tests.Support;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;
using FlowRatio.Training.Objectives;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Networks;

/// <summary>Covariates that are numbers: gradients, evaluation, training, and the file.</summary>
public sealed class ContinuousCovariateTests
{
    private static readonly NetworkShape Shape = new(2, [2, 1, 1])
    {
        ContinuousCovariates = 2, DataHidden = 6, DataCode = 4, ConditionHidden = 5, ConditionCode = 3, TimeFeatures = 4, HeadHidden = 7, HeadLayers = 2,
    };

    private static readonly ConditionVocabulary Vocabulary = new(
        [new CovariateVocabulary("group", ["a", "b"])],
        [new ContinuousCovariate("dose", 1, 2, 0, 4), new ContinuousCovariate("age", 40, 10, 20, 70)]);

    [Test]
    public void Gradients_of_the_loss_are_those_of_finite_differences()
    {
        using var backend = new ReferenceBackend();
        var network = new VelocityScoreNetwork(Shape);
        using var objective = new FlowMatchingObjective(backend, network, Data(30), PathSchedule.NoiseAtData(0.1), [0.3, 0.3, 0.3], 9, 4);
        double[] start = [.. network.Initialize(3).Select(value => (double)value)];
        using ParameterBuffer parameters = backend.CreateParameters(start.Length), gradients = backend.CreateParameters(start.Length);
        double Loss(double[] at)
        {
            parameters.Write<double>(at);
            objective.Forward(parameters, 5);
            return objective.Loss.Total;
        }

        Loss(start);
        objective.Backward(parameters, gradients);
        double[] exact = new double[start.Length];
        gradients.Read<double>(exact);
        double[] differences = FiniteDifference.Gradient(Loss, start);
        Assert.That(exact, Is.EqualTo(differences).Within(1e-7));

        // The encoders of both numbers took part: their gradients are not zero.
        foreach (IReadOnlyList<LinearLayer> encoder in network.ConditionEncoders.Skip(1))
        {
            Assert.That(exact.AsSpan(encoder[0].Offset, encoder[0].Length).ToArray().Max(Math.Abs), Is.GreaterThan(1e-6));
        }
    }

    [Test]
    public void An_estimation_sees_the_network_of_the_training()
    {
        // One row per condition through the training pass, and each condition through the evaluator.
        FlowModel model = Model();
        using var backend = new CpuBackend(1);
        using ParameterBuffer parameters = backend.CreateParameters(model.Network.ParameterCount);
        parameters.Write(model.Parameters);
        Condition[] conditions =
        [
            model.Condition(("group", "b"), ("dose", "3"), ("age", "25.5")),
            model.Condition(("dose", "0.125")),
            model.Condition(("group", "a"), ("age", "70")),
            model.Condition(),
        ];
        float[] point = [0.3f, -0.7f];
        int rows = conditions.Length;
        using var pass = new NetworkTrainingPass(
            backend, model.Network, rows, [[.. conditions.Select(condition => Level(condition, 1))], [.. conditions.Select(condition => Level(condition, 2))]]);
        using Matrix x = backend.CreateMatrix(rows, 2), t = backend.CreateMatrix(rows, 1);
        x.Write<float>([.. Enumerable.Repeat(point, rows).SelectMany(values => values)]);
        t.Write<float>([.. Enumerable.Repeat(0.5f, rows)]);
        IndexBuffer[] indices = [.. Enumerable.Range(0, 3).Select(_ => backend.CreateIndices(rows))];
        indices[0].Write([.. conditions.Select(condition => condition.Categories[0])]);
        for (int i = 1; i < 3; i++)
        {
            indices[i].Write([.. conditions.Select((condition, row) => condition.Categories[i] == Condition.Dropped ? Condition.Dropped : row)]);
        }

        pass.Forward(parameters, x, t, indices);
        float[] trained = new float[rows * 2];
        pass.Velocity.Read<float>(trained);
        var flow = new NetworkFlow(backend, model.Network, parameters);
        using FlowEvaluator evaluator = flow.CreateEvaluator(new EvaluationPlan(conditions, 0, 0, [], 1));
        evaluator.Points.Write<float>(point);
        evaluator.Times.Write<float>([0.5f]);
        evaluator.Evaluate();
        float[] evaluated = new float[rows * 2];
        for (int i = 0; i < rows; i++)
        {
            evaluator.Velocity.Read(evaluated.AsSpan(2 * i, 2), i);
        }

        // Two orders of summation in float32, over sums of about twenty terms of order one.
        Assert.That(evaluated, Is.EqualTo(trained).Within(1e-5f));
        Assert.That(evaluated.Chunk(2).Select(velocity => velocity[0]).Distinct().Count(), Is.EqualTo(rows), "conditions differ");
    }

    [Test]
    public void A_training_learns_the_ratio_of_doses_it_has_and_has_not_seen()
    {
        // The truth spans six nats; an untrained or wrongly scaled condition is off by more than one.
        Assert.That(ErrorsOfDoses(8, mirroredNoise: false), Is.All.LessThan(0.35));
    }

    [Test]
    public void Mirrored_noise_learns_the_ratio_of_doses_too()
    {
        // The mean over three data sets, since one may have few points at an end of the grid.
        double[][] errors = [.. new ulong[] { 8, 9, 10 }.Select(seed => ErrorsOfDoses(seed, mirroredNoise: true))];
        for (int pair = 0; pair < errors[0].Length; pair++)
        {
            double[] own = [.. errors.Select(each => each[pair])];
            Assert.That(own.Average(), Is.LessThan(0.3), string.Join(", ", own));
        }
    }

    [Test]
    public void A_base_depends_on_the_categories_alone()
    {
        TrainingSet data = Data(300);
        var options = new TrainingOptions { Network = Shape, Steps = 30, BatchSize = 32, Base = BaseChoice.Parse("gaussian"), TargetReferences = 16 };
        FlowModel model = FlowTrainer.Train(data, options).Model;
        using var estimator = new LogRatioEstimator(model);
        EstimationResult result = estimator.Estimate(
            data.Points[..20], model.Condition(("group", "a"), ("dose", "1"), ("age", "40")), model.Condition(("group", "b"), ("dose", "2"), ("age", "30")));
        Assert.That(result.Values, Is.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void The_file_keeps_them()
    {
        using var folder = new TemporaryFolder();
        ModelFile.Write(folder.File("m.flow"), Model());
        FlowModel read = ModelFile.Read(folder.File("m.flow")).Model;
        Assert.That(read.Vocabulary.Continuous, Is.EqualTo(Vocabulary.Continuous));
        Assert.That(read.Network.Shape.ContinuousCovariates, Is.EqualTo(2));
        Assert.That(read.Condition(("dose", "3")), Is.EqualTo(Model().Condition(("dose", "3"))));
        Assert.That(read.Condition(("dose", "3")), Is.Not.EqualTo(read.Condition(("dose", "2"))));
    }

    [Test]
    public void Many_values_are_rounded_far_below_what_matters()
    {
        double[] values = [.. new RandomData(2).Normal(20_000).Select(value => (double)value)];
        var covariate = ContinuousCovariate.Of("age", values);
        var set = new TrainingSet(new float[values.Length], 1, new ConditionVocabulary([], [covariate]), [], [values]);
        Assert.That(set.Levels[0], Has.Count.LessThanOrEqualTo(4096));
        double range = covariate.Largest - covariate.Smallest;
        for (int r = 0; r < values.Length; r += 97)
        {
            Assert.That(set.Levels[0][set.Categories(0)[r]], Is.EqualTo(covariate.Standardize(values[r])).Within(range / 8000));
        }
    }

    [Test]
    public void Mistakes_are_named()
    {
        FlowModel model = Model();
        Assert.That(Assert.Throws<ArgumentException>(() => model.Condition(("dose", "high")))!.Message, Does.Contain("'dose'").And.Contain("from 0 to 4"));
        Assert.That(Assert.Throws<ArgumentException>(() => ContinuousCovariate.Of("dose", [1, 1]))!.Message, Does.Contain("same value 1"));
        Assert.Throws<ArgumentException>(() => _ = new Condition([1], [0.5]));
        Assert.Throws<ArgumentException>(() => _ = new TrainingSet(new float[4], 2, Vocabulary, [[0, 1]]));
    }

    /// <summary>
    /// Root mean square errors over 41 points, for a pair of doses of the training and one between them; x ~ N(dose, 1), so
    /// log p(x | d1) - log p(x | d0) = (d1 - d0) x - (d1^2 - d0^2) / 2.
    /// </summary>
    private static double[] ErrorsOfDoses(ulong seed, bool mirroredNoise)
    {
        const int Rows = 8000;
        double[] doses = [.. Enumerable.Range(0, Rows).Select(i => 0.75 * (i % 5))];
        float[] points = [.. new RandomData(seed).Normal(Rows).Select((value, i) => value + (float)doses[i])];
        var vocabulary = new ConditionVocabulary([], [ContinuousCovariate.Of("dose", doses)]);
        var options = new TrainingOptions
        {
            Network = Shape with { DataHidden = 32, DataCode = 16, ConditionHidden = 32, ConditionCode = 8, TimeFeatures = 8, HeadHidden = 48 },
            Steps = 2500,
            BatchSize = 256,
            LearningRate = LearningRateSchedule.WarmUpCosine(2e-3),
            AverageDecay = 0.99,
            MirroredNoise = mirroredNoise,
        };
        FlowModel model = FlowTrainer.Train(new TrainingSet(points, 1, vocabulary, [], [doses]), options).Model;

        // Scores as they were learned: the training is looked at, not the estimator's defaults.
        using var estimator = new LogRatioEstimator(model, new EstimationOptions { Divergence = DivergenceMethod.Exact, ImpliedScore = 0 });
        float[] at = [.. Enumerable.Range(0, 41).Select(i => -0.5f + (0.1f * i))];
        double Error(double above, double below) => Math.Sqrt(estimator.Estimate(at, Dose(model, above), Dose(model, below)).Values
            .Select((value, i) => value - (((above - below) * at[i]) - (((above * above) - (below * below)) / 2))).Average(value => value * value));

        return [Error(2.25, 0.75), Error(1.9, 0.4)];
    }

    private static Condition Dose(FlowModel model, double dose) => model.Condition(("dose", dose.ToString("R", System.Globalization.CultureInfo.InvariantCulture)));

    private static float Level(Condition condition, int covariate) => double.IsNaN(condition.Value(covariate)) ? 0 : (float)condition.Value(covariate);

    private static FlowModel Model() => new(
        Shape, [.. new VelocityScoreNetwork(Shape).Initialize(6).Select(value => 2 * value)], PathSchedule.Deterministic, Vocabulary);

    private static TrainingSet Data(int rows)
    {
        float[] numbers = new RandomData(3).Normal(4 * rows);
        return new TrainingSet(
            numbers.AsSpan(0, 2 * rows),
            2,
            Vocabulary,
            [[.. Enumerable.Range(0, rows).Select(i => i % 3 - 1)]],
            [[.. Enumerable.Range(0, rows).Select(i => i % 7 == 0 ? double.NaN : i % 4)], [.. numbers[^rows..].Select(value => 40 + (10.0 * value))]]);
    }
}
