using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Engine.Paths;

namespace FlowRatio.Tests.Support;

/// <summary>A network with random weights: a flow with full, asymmetric Jacobians that is cheap to evaluate.</summary>
public static class SmallModel
{
    /// <summary>One covariate "group" with the categories a, b and c; sizes that are no multiples of a SIMD width.</summary>
    public static FlowModel Create(int dimension, Standardization? standardization = null)
    {
        var shape = new NetworkShape(dimension, [3])
        {
            DataHidden = 19,
            DataCode = 11,
            ConditionHidden = 9,
            ConditionCode = 5,
            TimeFeatures = 6,
            HeadHidden = 23,
            HeadLayers = 2,
        };

        // Twice the usual initial weights, so that velocities are of order 1 and differ between conditions.
        float[] parameters = [.. new VelocityScoreNetwork(shape).Initialize(920).Select(value => 2 * value)];
        return new FlowModel(
            shape,
            parameters,
            PathSchedule.Deterministic,
            new ConditionVocabulary(new CovariateVocabulary("group", ["a", "b", "c"])),
            standardization);
    }
}
