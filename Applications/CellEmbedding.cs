namespace FlowRatio.Applications;

/// <summary>Where cells lie in pictures.</summary>
/// <param name="X">Name of the horizontal axis.</param>
/// <param name="Y">Name of the vertical axis.</param>
/// <param name="Coordinates">Row-major <c>[cells, 2]</c>.</param>
public sealed record CellEmbedding(string X, string Y, float[] Coordinates);
