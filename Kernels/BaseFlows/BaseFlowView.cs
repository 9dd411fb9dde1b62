namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// A base as kernels see it. A component's places are its principal directions, block after block; place i of component c is number c d + i, and
/// Count is the number of all places. Integers: five lists by place, then the first component of each density. Numbers: three lists by
/// place, the logarithms of the weights, the directions.
/// </summary>
internal struct BaseFlowView
{
    /// <summary>Lists of integers by place: coordinate, first place of its block, size of its block, its block's directions, place of coordinate.</summary>
    public const int IntegerLists = 5;

    /// <summary>Lists of numbers by place: mean of the coordinate, variance along the direction, mean along the direction.</summary>
    public const int NumberLists = 3;

    public ArrayView<int> Integers;
    public ArrayView<float> Numbers;

    /// <summary>Places of all components.</summary>
    public int Count;

    /// <summary>Dimension d.</summary>
    public int Dimension;

    /// <summary>Components of all densities.</summary>
    public int Components;

    /// <summary>The first component of a density; of the next one, where the density's end.</summary>
    public readonly int FirstComponent(int density) => Integers[(IntegerLists * Count) + density];

    public readonly int Coordinate(int place) => Integers[place];

    /// <summary>Number, within the component, of the first place of a place's block.</summary>
    public readonly int BlockFirst(int place) => Integers[Count + place];

    public readonly int BlockSize(int place) => Integers[(2 * Count) + place];

    /// <summary>Component a of direction i of a place's block, both counted within the block.</summary>
    public readonly float Direction(int place, int i, int a) =>
        Numbers[(NumberLists * Count) + Components + Integers[(3 * Count) + place] + (i * BlockSize(place)) + a];

    /// <summary>Number, within the component, of the place of a coordinate.</summary>
    public readonly int PlaceOf(int component, int coordinate) => Integers[(4 * Count) + (component * Dimension) + coordinate];

    public readonly float Mean(int place) => Numbers[place];

    public readonly float Variance(int place) => Numbers[Count + place];

    public readonly float RotatedMean(int place) => Numbers[(2 * Count) + place];

    public readonly float LogWeight(int component) => Numbers[(NumberLists * Count) + component];
}
