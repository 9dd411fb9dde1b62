namespace FlowRatio.Kernels.Gemm.Ptx;

/// <summary>What distinguishes kernels of products: each is a text, and a module on the card, of its own.</summary>
/// <param name="Kind">Which of a layer's products.</param>
/// <param name="Precision">How it multiplies; not <see cref="ProductPrecision.Portable"/>.</param>
/// <param name="Tile">What a group computes.</param>
/// <param name="LeftIsAligned">Whether the left factor is copied by 16 bytes.</param>
/// <param name="RightIsAligned">Whether the right one is.</param>
internal readonly record struct ProductVariant(
    ProductKind Kind, ProductPrecision Precision, ProductTile Tile, bool LeftIsAligned, bool RightIsAligned);
