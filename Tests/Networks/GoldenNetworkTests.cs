using System.Text.Json;
using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Networks;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Optimizers;

namespace FlowRatio.Tests.Networks;

/// <summary>Outputs, tangents, losses, gradients and Adam steps against an independent implementation, on every backend.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class GoldenNetworkTests(Func<ComputeBackend> create)
{
    // All values are of order one and the sums have at most 14 terms through five layers: a few hundred roundings.
    private const int Roundings = 300;
    private readonly GoldenNetwork golden = GoldenNetwork.Load();

    [Test]
    public void Training_pass_gives_the_golden_velocity_and_score()
    {
        using ComputeBackend backend = create();
        using Setup setup = Prepare(backend);
        Upload(setup.Points, golden.Values("points"));
        setup.Pass.Forward(setup.Parameters, setup.Points, setup.Times, setup.Categories);
        Compare(backend, "velocity", golden.Values("velocity"), setup.Pass.Velocity);
        Compare(backend, "score", golden.Values("score"), setup.Pass.Score);
    }

    [Test]
    public void Evaluator_gives_the_golden_velocity_score_and_tangent_row_by_row()
    {
        using ComputeBackend backend = create();
        using ParameterBuffer parameters = Parameters(backend);
        var flow = new NetworkFlow(backend, golden.Network, parameters);
        int d = golden.Shape.Dimension;
        for (int r = 0; r < golden.Rows; r++)
        {
            // Two conditions in one stack: the row's own one last, so that nothing works only for the first.
            var own = new Condition([.. golden.Categories.Select(column => column[r])]);
            var plan = new EvaluationPlan([Condition.Empty(2), own], 2, 2, [1], 1);
            using FlowEvaluator evaluator = flow.CreateEvaluator(plan);
            Upload(evaluator.Points, golden.Values("points")[(r * d)..((r + 1) * d)]);
            evaluator.Tangents!.Write<double>(new double[d]);
            evaluator.Tangents.Write<double>(golden.Values("probe")[(r * d)..((r + 1) * d)], 1);
            evaluator.Times.Write<double>([golden.Values("times")[r]]);
            evaluator.Evaluate();
            Compare(backend, "velocity", golden.Values("velocity")[(r * d)..((r + 1) * d)], evaluator.Velocity, 1);
            Compare(backend, "score", golden.Values("score")[(r * d)..((r + 1) * d)], evaluator.Score!);
            Compare(
                backend,
                "tangent",
                golden.Values("velocity_tangent")[(r * d)..((r + 1) * d)],
                evaluator.Velocity,
                plan.Stack.TangentOf(1, 1));
        }
    }

    [Test]
    public void Loss_and_all_gradients_are_golden_for_every_schedule()
    {
        using ComputeBackend backend = create();
        using Setup setup = Prepare(backend);
        foreach (JsonElement schedule in golden.Schedules)
        {
            (double velocityLoss, double scoreLoss) = LossAndGradients(backend, setup, schedule);
            double tolerance = Roundings * backend.UnitRoundoff;
            Assert.That(velocityLoss, Is.EqualTo(schedule.GetProperty("velocity_loss").GetDouble()).Within(10 * tolerance));
            Assert.That(scoreLoss, Is.EqualTo(schedule.GetProperty("score_loss").GetDouble()).Within(10 * tolerance));
            double[] expected = golden.Flatten(name => schedule.GetProperty("gradients").GetProperty(name));
            double[] actual = new double[expected.Length];
            setup.Gradients.Read<double>(actual);
            ErrorBound.Check("gradients", expected, actual, [.. expected.Select(_ => tolerance)]);
        }
    }

    [Test]
    public void Three_Adam_steps_are_golden()
    {
        using ComputeBackend backend = create();
        using Setup setup = Prepare(backend);
        JsonElement adam = golden.Adam;
        JsonElement schedule = golden.Schedules.ElementAt(adam.GetProperty("schedule").GetInt32());
        using var optimizer = new AdamOptimizer(backend, golden.Network.ParameterCount);

        // Adam divides by the root of the second moment, so a tiny gradient's relative error becomes a step's: float32 needs
        // a tolerance of a part of the step size (1e-2), not of the rounding.
        double tolerance = backend.UnitRoundoff < 1e-10 ? 1e-12 : 2e-4;
        foreach (double expected in GoldenNetwork.Numbers(adam.GetProperty("losses")))
        {
            (double velocityLoss, double scoreLoss) = LossAndGradients(backend, setup, schedule);
            Assert.That(velocityLoss + scoreLoss, Is.EqualTo(expected).Within(tolerance));
            optimizer.Step(setup.Parameters, setup.Gradients, adam.GetProperty("learning_rate").GetDouble());
        }

        double[] final = golden.Flatten(name => adam.GetProperty("parameters").GetProperty(name).GetProperty("values"));
        double[] actual = new double[final.Length];
        setup.Parameters.Read<double>(actual);
        ErrorBound.Check("parameters", final, actual, [.. final.Select(_ => tolerance)]);
    }

    private static (double Velocity, double Score) LossAndGradients(ComputeBackend backend, Setup setup, JsonElement schedule)
    {
        Upload(setup.Points, GoldenNetwork.Numbers(schedule.GetProperty("points")));
        Upload(setup.VelocityTarget, GoldenNetwork.Numbers(schedule.GetProperty("velocity_target")));
        Upload(setup.ScoreTarget, GoldenNetwork.Numbers(schedule.GetProperty("score_target")));
        Upload(setup.ScoreWeight, GoldenNetwork.Numbers(schedule.GetProperty("score_weight")));
        setup.Pass.Forward(setup.Parameters, setup.Points, setup.Times, setup.Categories);
        backend.SquaredError(setup.Pass.Velocity, setup.VelocityTarget, null, 0, setup.Losses, setup.DVelocity);
        backend.SquaredError(setup.Pass.Score, setup.ScoreTarget, setup.ScoreWeight, 1, setup.Losses, setup.DScore);
        setup.Pass.Backward(setup.Parameters, setup.Points, setup.Categories, setup.DVelocity, setup.DScore, setup.Gradients);
        double[] loss = new double[1];
        setup.Losses.Read(0, loss);
        double velocity = loss[0];
        setup.Losses.Read(1, loss);
        return (velocity, loss[0]);
    }

    private static void Upload(Matrix matrix, double[] values) => matrix.Write<double>(values);

    private static void Compare(ComputeBackend backend, string what, double[] expected, Matrix matrix, int segment = 0)
    {
        double[] actual = new double[expected.Length];
        matrix.Read<double>(actual, segment);
        ErrorBound.Check(what, expected, actual, [.. expected.Select(_ => Roundings * backend.UnitRoundoff)]);
    }

    private ParameterBuffer Parameters(ComputeBackend backend)
    {
        ParameterBuffer parameters = backend.CreateParameters(golden.Network.ParameterCount);
        parameters.Write<double>(golden.Parameters);
        return parameters;
    }

    private Setup Prepare(ComputeBackend backend)
    {
        int d = golden.Shape.Dimension;
        var setup = new Setup
        {
            Pass = new NetworkTrainingPass(backend, golden.Network, golden.Rows),
            Parameters = Parameters(backend),
            Gradients = backend.CreateParameters(golden.Network.ParameterCount),
            Points = backend.CreateMatrix(golden.Rows, d),
            Times = backend.CreateMatrix(golden.Rows, 1),
            VelocityTarget = backend.CreateMatrix(golden.Rows, d),
            ScoreTarget = backend.CreateMatrix(golden.Rows, d),
            ScoreWeight = backend.CreateMatrix(golden.Rows, 1),
            DVelocity = backend.CreateMatrix(golden.Rows, d),
            DScore = backend.CreateMatrix(golden.Rows, d),
            Losses = backend.CreateAccumulator(1, 2),
            Categories = [.. golden.Categories.Select(column =>
            {
                IndexBuffer indices = backend.CreateIndices(golden.Rows);
                indices.Write(column);
                return indices;
            })],
        };
        Upload(setup.Times, golden.Values("times"));
        return setup;
    }

    private sealed class Setup : IDisposable
    {
        public required NetworkTrainingPass Pass { get; init; }

        public required ParameterBuffer Parameters { get; init; }

        public required ParameterBuffer Gradients { get; init; }

        public required Matrix Points { get; init; }

        public required Matrix Times { get; init; }

        public required Matrix VelocityTarget { get; init; }

        public required Matrix ScoreTarget { get; init; }

        public required Matrix ScoreWeight { get; init; }

        public required Matrix DVelocity { get; init; }

        public required Matrix DScore { get; init; }

        public required Accumulator Losses { get; init; }

        public required IReadOnlyList<IndexBuffer> Categories { get; init; }

        public void Dispose()
        {
            Pass.Dispose();
            Parameters.Dispose();
            Gradients.Dispose();
            Points.Dispose();
            Times.Dispose();
            VelocityTarget.Dispose();
            ScoreTarget.Dispose();
            ScoreWeight.Dispose();
            DVelocity.Dispose();
            DScore.Dispose();
            Losses.Dispose();
            foreach (IndexBuffer indices in Categories)
            {
                indices.Dispose();
            }
        }
    }
}
