namespace FlowRatio.Kernels.BaseFlows;

/// <summary>
/// A base as kernels see it. A density has factors, a factor components, and a component's places are its principal directions, block after block,
/// as many as its factor has coordinates. Factors, components and places are numbered through all densities in that order, so that those of one
/// owner are neighbours: of each the first is listed, and one more for where the last one's end. Integers: five lists by place. Numbers:
/// three lists by place, the logarithms of the weights, the directions, once where components share a block.
/// </summary>
internal struct BaseFlowView
{
    /// <summary>
    /// Lists of integers by place: coordinate among the point's, first place of its block, size of its block, its block's directions, and the place of
    /// the component's coordinate of that number.
    /// </summary>
    public const int IntegerLists = 5;

    /// <summary>Lists of numbers by place: mean of the coordinate, variance along the direction, mean along the direction.</summary>
    public const int NumberLists = 3;

    public ArrayView<int> Integers;
    public ArrayView<float> Numbers;

    /// <summary>First factor of each density.</summary>
    public ArrayView<int> FirstFactors;

    /// <summary>First component of each factor.</summary>
    public ArrayView<int> FirstComponents;

    /// <summary>First place of each component.</summary>
    public ArrayView<int> FirstPlaces;

    /// <summary>First place of each density.</summary>
    public ArrayView<int> FirstPlacesOfDensities;

    /// <summary>For each density and coordinate of a point the factor that has it.</summary>
    public ArrayView<int> Factors;

    /// <summary>For each density and coordinate of a point its number among those of its factor.</summary>
    public ArrayView<int> Positions;

    /// <summary>Places of all components.</summary>
    public int Count;

    /// <summary>Dimension d of a point.</summary>
    public int Dimension;

    /// <summary>Components of all densities.</summary>
    public int Components;

    /// <summary>The first factor of a density; of the next one, where the density's end.</summary>
    public readonly int FirstFactor(int density) => FirstFactors[density];

    /// <summary>The first component of a factor; of the next one, where the factor's end.</summary>
    public readonly int FirstComponent(int factor) => FirstComponents[factor];

    /// <summary>The first place of a component; of the next one, where the component's end.</summary>
    public readonly int FirstPlace(int component) => FirstPlaces[component];

    /// <summary>The first place of a density's first component; of the next density's, where the density's end.</summary>
    public readonly int FirstPlaceOfDensity(int density) => FirstPlacesOfDensities[density];

    /// <summary>The factor of a density that has a coordinate of the point.</summary>
    public readonly int FactorOf(int density, int coordinate) => Factors[(density * Dimension) + coordinate];

    /// <summary>Number of a coordinate of the point among those of its factor.</summary>
    public readonly int PositionOf(int density, int coordinate) => Positions[(density * Dimension) + coordinate];

    /// <summary>Place of the coordinate that has a number among those of the component's factor.</summary>
    public readonly int PlaceOf(int component, int position) => Integers[(4 * Count) + FirstPlaces[component] + position];

    /// <summary>The point's coordinate at a place.</summary>
    public readonly int Coordinate(int place) => Integers[place];

    /// <summary>First place of a place's block.</summary>
    public readonly int BlockFirst(int place) => Integers[Count + place];

    public readonly int BlockSize(int place) => Integers[(2 * Count) + place];

    /// <summary>Component a of direction i of a place's block, both counted within the block.</summary>
    public readonly float Direction(int place, int i, int a) =>
        Numbers[(NumberLists * Count) + Components + Integers[(3 * Count) + place] + (i * BlockSize(place)) + a];

    public readonly float Mean(int place) => Numbers[place];

    public readonly float Variance(int place) => Numbers[Count + place];

    public readonly float RotatedMean(int place) => Numbers[(2 * Count) + place];

    public readonly float LogWeight(int component) => Numbers[(NumberLists * Count) + component];
}
