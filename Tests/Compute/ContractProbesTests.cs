using FlowRatio.Engine.Compute;
using FlowRatio.Engine.Randomness;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>Probes and coordinate directions.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.All))]
public sealed class ContractProbesTests(Func<ComputeBackend> create) : BackendContract(create)
{
    [Test]
    [Covers(nameof(ComputeBackend.FillProbes))]
    public void Probes_agree(
        [Values] ProbeDistribution distribution,
        [Values(1, 7, 33, 257)] int rows,
        [Values(1, 2, 10, 20, 64)] int columns)
    {
        Check(distribution, rows, columns, probes: 2, Placement.Whole);
    }

    [Test]
    public void Probes_agree_wherever_they_lie(
        [Values] ProbeDistribution distribution, [Values] Placement placement, [Values(1, 3)] int probes)
    {
        Check(distribution, 33, 21, probes, placement);
    }

    [Test]
    public void Probes_agree_beyond_one_block_of_random_bits([Values] ProbeDistribution distribution) =>
        Check(distribution, 7, 300, probes: 2, Placement.Whole);

    [Test]
    [Covers(nameof(ComputeBackend.FillUnitTangents))]
    public void Unit_tangents_agree(
        [Values(0, 1, 9, 12)] int first, [Values(1, 3)] int segments, [Values(1, 33)] int rows, [Values] Placement placement)
    {
        // Ten columns: some of the coordinates lie beyond the dimension and must give zero segments.
        CompareExactly(
            "tangents",
            w =>
            {
                Matrix tangents = w.Output(rows, 10, segments, placement);
                w.Backend.FillUnitTangents(first, tangents);
                return Workspace.Read(tangents);
            });
    }

    private void Check(ProbeDistribution distribution, int rows, int columns, int probes, Placement placement)
    {
        // Sample numbers in no order, with repetitions; stages beyond the order of the Hadamard matrix.
        var sequence = new ProbeSequence(distribution, 0x1234_5678_9ABC_DEF0);
        int[] samples = new RandomData(9).Integers(rows, 0, 100_000);
        foreach (int stage in new[] { 0, 1, 75 })
        {
            double[] Run(Workspace w)
            {
                Matrix output = w.Output(rows, columns, probes, placement);
                w.Backend.FillProbes(
                    sequence, w.Indices(samples), w.Indices([.. samples.Select((_, row) => stage + (row % 3))]), output);
                return Workspace.Read(output);
            }

            // Signs are exact. Normal deviates pass through a logarithm and a cosine, which processors round differently:
            // largest deviate 6.76, so 7 is a scale for all.
            double scale = distribution == ProbeDistribution.Gaussian ? 7 : 0;
            Compare($"stage {stage}", Run, ErrorBound.Of(Backend, 1, Enumerable.Repeat(scale, probes * rows * columns)));
        }
    }
}
