using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Fields;
using FlowRatio.Engine.Paths;
using MathNet.Numerics.LinearAlgebra;

namespace FlowRatio.Tests.Support;

/// <summary>
/// The exact flow of Gaussians under a Gaussian path, one covariate with one Gaussian per category. With
/// C_t = t^2 S + sigma_t^2 I and J_t = (t S + sigma_t sigma'_t I) C_t^-1 (the Jacobian of u), velocity and score are
/// u = mu + J_t (x - t mu) and s = -C_t^-1 (x - t mu).
/// </summary>
/// <param name="backend">Where the estimator computes; the flow itself computes on the host in double precision.</param>
/// <param name="schedule">The path.</param>
/// <param name="categories">Target distribution of each category.</param>
/// <param name="empty">
/// Target without a condition; by default the Gaussian with the moments of the equal mixture. It need not be the mixture itself:
/// any field is valid for b.
/// </param>
public sealed class GaussianFlow(
    ComputeBackend backend,
    PathSchedule schedule,
    IReadOnlyList<GaussianDistribution> categories,
    GaussianDistribution? empty = null) : ConditionalFlow
{
    private readonly GaussianDistribution unconditional = empty ?? GaussianDistribution.MatchMoments(categories);

    /// <inheritdoc/>
    public override ComputeBackend Backend => backend;

    /// <inheritdoc/>
    public override int Dimension => categories[0].Dimension;

    /// <inheritdoc/>
    public override IReadOnlyList<int> Covariates => [categories.Count];

    /// <inheritdoc/>
    public override PathSchedule Schedule => schedule;

    /// <summary>Factor on every score; anything but 1 makes the score disagree with the velocity.</summary>
    public double ScoreFactor { get; init; } = 1;

    /// <summary>When set, collects the times of all points at which a divergence is evaluated.</summary>
    public ICollection<double>? IntegrandTimes { get; init; }

    /// <summary>Target distribution of a condition, before smoothing.</summary>
    public GaussianDistribution Target(Condition condition) =>
        condition.Categories[0] == Condition.Dropped ? unconditional : categories[condition.Categories[0]];

    /// <summary>J_t, the Jacobian of the velocity, and P_t = C_t^-1, minus the Jacobian of the score.</summary>
    public (Matrix<double> Velocity, Matrix<double> Precision) Jacobians(Condition condition, double t)
    {
        Matrix<double> covariance = Target(condition).Covariance;
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(Dimension);
        Matrix<double> precision = ((t * t * covariance) + (schedule.SigmaSquared(t) * identity)).Inverse();
        return (((t * covariance) + (schedule.SigmaSigmaPrime(t) * identity)) * precision, precision);
    }

    /// <summary>log p_1(x | c): with sigma_1 > 0 that of the smoothed density N(mu, S + sigma_1^2 I).</summary>
    public double[] LogDensity(float[] points, Condition condition) =>
        Target(condition).Smooth(schedule.SigmaSquared(1)).LogDensity(points);

    /// <summary>log p_1(x | numerator) - log p_1(x | denominator).</summary>
    public double[] LogRatio(float[] points, Condition numerator, Condition denominator) =>
        [.. LogDensity(points, numerator).Zip(LogDensity(points, denominator), (above, below) => above - below)];

    /// <inheritdoc/>
    public override FlowEvaluator CreateEvaluator(EvaluationPlan plan) => new Evaluator(this, plan);

    private sealed class Evaluator(GaussianFlow flow, EvaluationPlan plan) : FlowEvaluator(flow.Backend, flow.Dimension, plan)
    {
        public override void Evaluate()
        {
            int dimension = flow.Dimension, rows = Points.Rows;
            double[] times = new double[Times.Rows];
            Times.Read<double>(times);
            for (int r = 0; Plan.Tangents > 0 && r < times.Length; r++)
            {
                flow.IntegrandTimes?.Add(times[r]);
            }

            // Matrices depend on the time: rows of equal time go together.
            int[][] groups = times.Length == 1
                ? [[.. Enumerable.Range(0, rows)]]
                : [.. Enumerable.Range(0, rows).GroupBy(r => times[r]).Select(group => group.ToArray())];
            double[][] inputs = [.. Enumerable.Range(0, 1 + Plan.Tangents).Select(_ => new double[rows * dimension])];
            double[][] velocities = [.. Enumerable.Range(0, Plan.Stack.Segments).Select(_ => new double[rows * dimension])];
            double[][] scores = [.. Plan.ScoreConditions.Select(_ => new double[rows * dimension])];
            for (int segment = 0; segment < inputs.Length; segment++)
            {
                Input.Read<double>(inputs[segment], segment);
            }

            double[] centered = new double[rows * dimension];
            for (int c = 0; c < Plan.Conditions.Count; c++)
            {
                double[] mean = flow.Target(Plan.Conditions[c]).Mean.ToArray();
                foreach (int[] group in groups)
                {
                    double t = times.Length == 1 ? times[0] : times[group[0]];
                    (Matrix<double> velocity, Matrix<double> precision) = flow.Jacobians(Plan.Conditions[c], t);
                    foreach (int i in group.SelectMany(r => Enumerable.Range(r * dimension, dimension)))
                    {
                        centered[i] = inputs[0][i] - (t * mean[i % dimension]);
                    }

                    Apply(velocity, centered, mean, group, velocities[c]);
                    for (int k = 0; c < Plan.TangentConditions && k < Plan.Tangents; k++)
                    {
                        Apply(velocity, inputs[1 + k], null, group, velocities[Plan.Stack.TangentOf(c, k)]);
                    }

                    for (int segment = 0; segment < scores.Length; segment++)
                    {
                        if (Plan.ScoreConditions[segment] == c)
                        {
                            Apply(-flow.ScoreFactor * precision, centered, null, group, scores[segment]);
                        }
                    }
                }
            }

            for (int segment = 0; segment < velocities.Length; segment++)
            {
                Velocity.Write<double>(velocities[segment], segment);
            }

            for (int segment = 0; segment < scores.Length; segment++)
            {
                Score!.Write<double>(scores[segment], segment);
            }
        }

        /// <summary>
        /// output = M input + offset in some rows. Only the band of M that is not zero is used: narrow for 2 x 2 blocks.
        /// </summary>
        private static void Apply(Matrix<double> matrix, double[] input, double[]? offset, int[] rows, double[] output)
        {
            int dimension = matrix.RowCount;
            double[] elements = matrix.ToRowMajorArray();
            int band = Enumerable.Range(0, elements.Length)
                .Where(i => elements[i] != 0).Select(i => Math.Abs((i / dimension) - (i % dimension))).DefaultIfEmpty(0).Max();
            foreach (int row in rows)
            {
                int first = row * dimension;
                for (int i = 0; i < dimension; i++)
                {
                    double sum = offset is null ? 0 : offset[i];
                    for (int j = Math.Max(0, i - band); j <= Math.Min(dimension - 1, i + band); j++)
                    {
                        sum += elements[(i * dimension) + j] * input[first + j];
                    }

                    output[first + i] = sum;
                }
            }
        }
    }
}
