namespace FlowRatio.Training.Data.Tables;

/// <summary>A matrix of a file with one row of numbers per row of its table.</summary>
/// <param name="Name">Name: <c>X</c>, <c>X_pca</c>, <c>layers/counts</c> in an h5ad file; the array's name in an npz file; <c>array</c> in an npy file.</param>
/// <param name="Dimension">Number of columns.</param>
public sealed record Representation(string Name, int Dimension);
