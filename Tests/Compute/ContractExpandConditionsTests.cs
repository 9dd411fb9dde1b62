using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>The first layer of a head for all conditions at once.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractExpandConditionsTests(Func<ComputeBackend> create) : BackendContract(create)
{
    private static readonly StackLayout[] Stacks =
        [new(1, 0, 0), new(3, 0, 0), new(1, 1, 1), new(2, 2, 1), new(2, 2, 3), new(3, 2, 2), new(3, 3, 3), new(3, 1, 2)];

    [Test]
    [Covers(nameof(ComputeBackend.ExpandConditions))]
    public void Agrees_for_every_shape(
        [Values(1, 7, 32, 33, 100, 257)] int rows, [Values(1, 2, 10, 20, 64)] int columns, [Values] bool sharedTime)
    {
        Check(rows, columns, new StackLayout(3, 2, 1), sharedTime);
    }

    [Test]
    public void Agrees_for_every_stack([ValueSource(nameof(Stacks))] StackLayout stack, [Values] bool sharedTime) =>
        Check(33, 20, stack, sharedTime);

    [Test]
    public void Agrees_wherever_operands_lie(
        [Values] Placement from, [Values] Placement to, [Values] bool sharedTime)
    {
        Check(33, 20, new StackLayout(2, 2, 1), sharedTime, from, to);
    }

    [Test]
    public void Extreme_preactivations_stay_within_bounds() =>
        Check(33, 20, new StackLayout(2, 2, 2), sharedTime: false, scale: 100);

    private void Check(
        int rows, int columns, StackLayout stack, bool sharedTime,
        Placement from = Placement.Whole, Placement to = Placement.Whole, double scale = 1)
    {
        var data = new RandomData((ulong)((rows * 1000) + columns));
        HostMatrix shared = data.Matrix(rows, columns, 1 + stack.Probes, scale);
        HostMatrix conditions = data.Matrix(stack.PrimalSegments, columns);
        HostMatrix times = data.Matrix(sharedTime ? 1 : rows, columns);

        int length = rows * columns;
        double[] sums = new double[stack.Segments * length];
        double[] scales = new double[sums.Length];
        for (int i = 0; i < sums.Length; i++)
        {
            (int segment, int r, int j) = (i / length, i % length / columns, i % columns);
            if (segment < stack.PrimalSegments)
            {
                float[] terms = [shared[0, r, j], conditions[0, segment, j], times[0, sharedTime ? 0 : r, j]];
                sums[i] = terms.Sum(term => (double)term);
                scales[i] = terms.Sum(term => Math.Abs((double)term));
            }
            else
            {
                sums[i] = shared[1 + ((segment - stack.PrimalSegments) / stack.TangentConditions), r, j];
                scales[i] = Math.Abs(sums[i]);
            }
        }

        double[] Run(Workspace w)
        {
            Matrix output = w.Output(rows, columns, stack.Segments, to);
            w.Backend.ExpandConditions(
                w.Input(shared, from), w.Input(conditions, from), w.Input(times, from), stack, output);
            return Workspace.Read(output);
        }

        Compare("first layer", Run, ErrorBound.OfSelu(Backend, stack, 3, sums, scales));
    }
}
