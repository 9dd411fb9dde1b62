using FlowRatio.Engine.Models;
using FlowRatio.Engine.Networks;
using FlowRatio.Training;
using FlowRatio.Training.BaseFlows;
using FlowRatio.Training.Data;

namespace FlowRatio.Applications;

/// <summary>A flow that is its base: fitted to all rows, with networks that add nothing and are not trained.</summary>
internal static class BaseModel
{
    /// <summary>Fits the base.</summary>
    /// <param name="data">The data.</param>
    /// <param name="options">Of these the base, the schedule, the standardisation, the drops and the seed count.</param>
    /// <param name="threads">Threads to fit with; 0 takes one per processor.</param>
    /// <param name="cancellation">Stops the fit.</param>
    /// <exception cref="ArgumentException">The options name no base that can be fitted.</exception>
    public static FlowModel Fit(TrainingSet data, TrainingOptions options, int threads, CancellationToken cancellation)
    {
        options.Validate();
        Standardization? map = data.FitMap(options.Standardize);
        NetworkShape shape = options.ShapeFor(data);
        var network = new VelocityScoreNetwork(shape);
        float[] parameters = network.Initialize(options.Seed);
        ResidualGate.Close(network, parameters);
        return new FlowModel(
            shape,
            parameters,
            options.Schedule,
            data.Vocabulary,
            map,
            BaseFitter.Fit(data.Transform(map), options.Base, options.DropProbabilities(shape.Covariates.Count), options.Seed, threads, cancellation));
    }
}
