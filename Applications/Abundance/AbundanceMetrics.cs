using FlowRatio.Applications.Statistics;

namespace FlowRatio.Applications.Abundance;

/// <summary>How well log-ratios find cells of changed abundance, by the published definitions.</summary>
/// <param name="PrAuc">Area under precision against recall when |log-ratio| ranks cells of changed clusters first.</param>
/// <param name="Nar">Noise-adjusted ratio: mean |log-ratio| of changed cells over that of unchanged ones.</param>
/// <param name="Csp">Correct-sign proportion of changed cells; zero counts as correct.</param>
public sealed record AbundanceMetrics(double PrAuc, double Nar, double Csp)
{
    /// <summary>Computes the metrics.</summary>
    /// <param name="logRatios">log p(x | treated) - log p(x | control) per cell.</param>
    /// <param name="roles">Role of each cell's cluster.</param>
    /// <exception cref="ArgumentException">Lengths differ, a log-ratio is not a number, or there are no changed or no unchanged cells.</exception>
    public static AbundanceMetrics Of(IReadOnlyList<double> logRatios, IReadOnlyList<ClusterRole> roles)
    {
        ArgumentNullException.ThrowIfNull(logRatios);
        ArgumentNullException.ThrowIfNull(roles);
        if (logRatios.Count != roles.Count)
        {
            throw new ArgumentException($"There are {logRatios.Count} log-ratios and {roles.Count} roles.", nameof(roles));
        }

        double changed = 0, unchanged = 0;
        int changedCells = 0, correct = 0;
        for (int i = 0; i < roles.Count; i++)
        {
            if (double.IsNaN(logRatios[i]))
            {
                throw new ArgumentException($"The log-ratio of cell {i} is not a number.", nameof(logRatios));
            }

            if (roles[i] == ClusterRole.Unchanged)
            {
                unchanged += Math.Abs(logRatios[i]);
                continue;
            }

            changedCells++;
            changed += Math.Abs(logRatios[i]);
            correct += (roles[i] == ClusterRole.MoreTreated ? logRatios[i] : -logRatios[i]) >= 0 ? 1 : 0;
        }

        if (changedCells == 0 || changedCells == roles.Count)
        {
            throw new ArgumentException($"{changedCells} of {roles.Count} cells are of changed clusters; both kinds are needed.", nameof(roles));
        }

        double area = PrecisionRecall.Area([.. logRatios.Select(Math.Abs)], [.. roles.Select(role => role != ClusterRole.Unchanged)]);
        return new AbundanceMetrics(area, changed / changedCells / (unchanged / (roles.Count - changedCells)), (double)correct / changedCells);
    }
}
