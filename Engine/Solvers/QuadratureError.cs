namespace FlowRatio.Engine.Solvers;

/// <summary>
/// Estimates the error that a step makes in a quadrature along its trajectory. The embedded pair of a method does not: its weights
/// assume a smooth integrand, and networks with SELU have divergences that jump, for which the two members of the pair err alike
/// (that of Dormand and Prince sees a hundredth of the error). The estimate here is a divided difference of the stages' values: of high
/// order where they are smooth, and at least the step's error for a jump anywhere in it.
/// </summary>
internal static class QuadratureError
{
    /// <summary>Weights of the stages in the estimate: |h sum_i weight_i rate_i|.</summary>
    /// <param name="tableau">The method; of stages at the same node the last is taken.</param>
    public static double[] Weights(ButcherTableau tableau)
    {
        // Nodes are sums of coefficients: equal ones differ by roundings.
        double[] places = [.. tableau.C.Select(node => Math.Round(node, 12))];
        double[] nodes = [.. places.Distinct().Order()];
        int[] stages = [.. nodes.Select(node => Array.LastIndexOf(places, node))];
        double[] weights =
            [.. nodes.Select((node, i) => 1 / nodes.Where((_, j) => j != i).Aggregate(1.0, (product, other) => product * (node - other)))];
        double scale = 0;
        for (int i = 0; i + 1 < nodes.Length; i++)
        {
            // A unit jump between two nodes: what the step's weights make of it, and what it is worth at either end of the gap.
            double taken = Enumerable.Range(0, tableau.Stages).Where(k => places[k] > nodes[i]).Sum(k => tableau.B[k]);
            double largest = Math.Max(Math.Abs(taken - (1 - nodes[i])), Math.Abs(taken - (1 - nodes[i + 1])));
            scale = Math.Max(scale, largest / Math.Abs(weights.Skip(i + 1).Sum()));
        }

        double[] all = new double[tableau.Stages];
        for (int i = 0; i < stages.Length; i++)
        {
            all[stages[i]] = scale * weights[i];
        }

        return all;
    }
}
