using FlowRatio.Cli.Runs;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Data;
using FlowRatio.Training.Data.Tables;

namespace FlowRatio.Tests.Cli;

/// <summary>What a training takes of a table.</summary>
public sealed class TrainingTableTests
{
    [Test]
    public void Components_are_those_of_the_kept_rows_taken_together()
    {
        const int Rows = 500, Dimension = 9, Components = 3;
        const double HeldOut = 0.1;
        const ulong Seed = 5;
        float[] points = new RandomData(17).Normal(Rows * Dimension);
        var set = new TrainingSet(points, Dimension, new ConditionVocabulary(new CovariateVocabulary("group", ["a"])), new int[Rows]);
        var table = new TrainingTable(set, PointSelection.OfRepresentation("X"), 0, string.Empty);
        TrainingTable projected = table.Project(Components, HeldOut, Seed);
        float[] kept = [.. RowSplit.Create(Rows, HeldOut, Seed).Kept.SelectMany(row => points[(row * Dimension)..((row + 1) * Dimension)])];
        PrincipalComponents expected = PrincipalComponentsFit.Fit(kept, Dimension, Components);
        Assert.Multiple(() =>
        {
            // The same bits: rows one by one would be blocks of their own, whose sums are rounded otherwise.
            Assert.That(projected.Components!.ExplainedVariance.ToArray(), Is.EqualTo(expected.ExplainedVariance.ToArray()));
            Assert.That(projected.Components.Components.ToArray(), Is.EqualTo(expected.Components.ToArray()));
            Assert.That((projected.Set.Rows, projected.Set.Dimension), Is.EqualTo((Rows, Components)));
        });
    }
}
