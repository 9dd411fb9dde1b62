using FlowRatio.Engine.Compute.Cpu;
using FlowRatio.Engine.Models;
using FlowRatio.Tests.Support;
using FlowRatio.Training.Trust;

namespace FlowRatio.Tests.Training.Trust;

/// <summary>The network on noised points.</summary>
public sealed class HeadMemberTests
{
    [Test]
    public void A_ratio_head_finds_a_shift_and_survives_a_file()
    {
        float[] points = new RandomData(31).Normal(1600);
        int[] labels = [.. Enumerable.Range(0, 800).Select(r => r % 2)];
        for (int r = 0; r < 800; r++)
        {
            points[2 * r] += labels[r];
        }

        using var backend = new CpuBackend(1);
        RatioHead head = RatioHeadTrainer.Train(new LabelledPoints(points, 2, labels, 2), seed: 3, backend, default);
        Assert.That(head.Time, Is.InRange(0.8, 1));
        float[] fresh = new RandomData(32).Normal(200);
        double[] values = head.Evaluate(fresh, backend, default);
        double error = Enumerable.Range(0, 100).Average(i => Math.Pow(values[(2 * i) + 1] - values[2 * i] - (fresh[2 * i] - 0.5), 2));
        Assert.That(error, Is.LessThan(0.15), "the log-ratio has a variance of 1");

        var member = new HeadMember([.. Enumerable.Repeat(head, FoldTable.Folds)], 2);
        using var folder = new TemporaryFolder();
        string path = folder.File("h.safetensors");
        SafetensorsFile.Write(path, member.Tensors("h."));
        HeadMember read = HeadMember.Read(SafetensorsFile.Read(path), "h.", 2, 2);
        sbyte[] folds = [.. Enumerable.Range(0, 100).Select(i => (sbyte)((i % 6) - 1))];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = 1 };
        Assert.That(read.Evaluate(fresh, folds, 1, parallel)[0], Is.EqualTo(member.Evaluate(fresh, folds, 1, parallel)[0]));
    }
}
