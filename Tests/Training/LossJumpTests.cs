using FlowRatio.Training;

namespace FlowRatio.Tests.Training;

/// <summary>Which losses count as a jump.</summary>
public sealed class LossJumpTests
{
    [TestCase(new[] { 2.9, 2.2, 2.05, 2.0128, 2.0118, 2.0122, 2.0125, 3.73 }, true, TestName = "a jump among losses that hardly move")]
    [TestCase(new[] { 2.9, 2.2, 2.05, 2.0128, 2.0118, 2.0122, 2.0125, 2.03 }, false, TestName = "a ripple below a twentieth of the loss")]
    [TestCase(new[] { 2.9, 2.0, 1.6, 1.55, 1.6, 1.66, 1.73, 1.81, 1.9, 2.0, 2.12 }, false, TestName = "overfitting, slow and ever faster")]
    [TestCase(new[] { 1.2, 0.9, 1.3, 0.8, 1.25, 0.85, 1.5 }, false, TestName = "noise as large as the loss")]
    [TestCase(new[] { 2.9, 2.8 }, false, TestName = "too few to tell")]
    [TestCase(new[] { 2.9, 2.8, 50 }, false, TestName = "one change does not make a habit")]
    public void Jumps_are_told_from_what_rises_slowly(double[] losses, bool expected) =>
        Assert.That(LossJump.IsLast(losses), Is.EqualTo(expected));
}
