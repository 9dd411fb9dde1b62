using System.Text.Json.Serialization;

namespace FlowRatio.Benchmarks.Experiments;

/// <summary>A point of a learning curve.</summary>
/// <param name="Step">Optimiser steps done.</param>
/// <param name="Training">Mean training loss since the last point.</param>
/// <param name="Validation">Loss on held-out rows, or null without any.</param>
public readonly record struct CurvePoint(
    int Step,
    double Training,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] double? Validation = null);
