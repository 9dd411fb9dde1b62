namespace FlowRatio.Engine.Compute;

/// <summary>Combinations of categories, for backends that compute on the host.</summary>
internal static class HostCombinations
{
    /// <summary>See <see cref="ComputeBackend.LookUpCombinations"/>.</summary>
    public static void LookUp(
        ReadOnlySpan<IndexBuffer> categories, ReadOnlySpan<int> sizes, ReadOnlySpan<int> table, Span<int> numbers)
    {
        numbers.Clear();
        for (int i = 0; i < categories.Length; i++)
        {
            ReadOnlySpan<int> column = ((HostIndexBuffer)categories[i]).Values;
            for (int r = 0; r < numbers.Length; r++)
            {
                numbers[r] = (numbers[r] * (sizes[i] + 1)) + column[r] + 1;
            }
        }

        foreach (ref int number in numbers)
        {
            number = table[number];
        }
    }
}
