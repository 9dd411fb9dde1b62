namespace FlowRatio.Applications.Abundance;

/// <summary>The role of each cluster: the published protocol makes the second largest more often treated and the third largest less often.</summary>
public static class ClusterRoles
{
    /// <summary>Roles by size.</summary>
    /// <param name="counts">Cells per cluster; at least three clusters with cells.</param>
    /// <returns>A role per cluster; of two clusters of one size the first counts as larger.</returns>
    /// <exception cref="ArgumentException">Fewer than three clusters have cells.</exception>
    public static ClusterRole[] BySize(IReadOnlyList<int> counts)
    {
        ArgumentNullException.ThrowIfNull(counts);
        int[] order = [.. Enumerable.Range(0, counts.Count).Where(c => counts[c] > 0).OrderByDescending(c => counts[c])];
        if (order.Length < 3)
        {
            throw new ArgumentException($"There are {order.Length} clusters with cells; the protocol needs three.", nameof(counts));
        }

        var roles = new ClusterRole[counts.Count];
        roles[order[1]] = ClusterRole.MoreTreated;
        roles[order[2]] = ClusterRole.MoreControl;
        return roles;
    }

    /// <summary>Roles by name.</summary>
    /// <param name="clusters">Names of all clusters.</param>
    /// <param name="moreTreated">Clusters that are more often treated.</param>
    /// <param name="moreControl">Clusters that are less often treated.</param>
    /// <returns>A role per cluster.</returns>
    /// <exception cref="ArgumentException">A name is unknown or stands in both lists, or no cluster keeps its share.</exception>
    public static ClusterRole[] ByName(IReadOnlyList<string> clusters, IReadOnlyList<string> moreTreated, IReadOnlyList<string> moreControl)
    {
        ArgumentNullException.ThrowIfNull(clusters);
        ArgumentNullException.ThrowIfNull(moreTreated);
        ArgumentNullException.ThrowIfNull(moreControl);
        var roles = new ClusterRole[clusters.Count];
        foreach ((string name, ClusterRole role) in moreTreated.Select(name => (name, ClusterRole.MoreTreated))
                     .Concat(moreControl.Select(name => (name, ClusterRole.MoreControl))))
        {
            int index = Enumerable.Range(0, clusters.Count).FirstOrDefault(c => clusters[c] == name, -1);
            if (index < 0)
            {
                throw new ArgumentException($"There is no cluster '{name}'; there are: {string.Join(", ", clusters)}.");
            }

            if (roles[index] != ClusterRole.Unchanged && roles[index] != role)
            {
                throw new ArgumentException($"Cluster '{name}' cannot be more often treated and more often control.");
            }

            roles[index] = role;
        }

        return roles.Contains(ClusterRole.Unchanged)
            ? roles
            : throw new ArgumentException("No cluster keeps its share of treated cells; the metrics compare with such clusters.");
    }
}
