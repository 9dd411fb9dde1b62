namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>The three products of a layer; each has the epilogue of its kernel in C#.</summary>
internal enum ProductKind
{
    /// <summary>Y = f(X W^T + b), or f'(.) (X W^T) for tangents: <see cref="LinearKernel"/>.</summary>
    Layer,

    /// <summary>dX = dY W, times a slope or added: <see cref="InputGradientKernel"/>.</summary>
    InputGradient,

    /// <summary>dW = dY^T X and db, over parts of the batch: <see cref="WeightGradientKernel"/>.</summary>
    WeightGradient,
}
