namespace FlowRatio.Tests.Fuzzing;

/// <summary>Reads damaged files in a process of its own; says which one before it begins, so that a crash can be laid at its door.</summary>
internal static class FuzzHost
{
    /// <summary>Line after a file that was read.</summary>
    public const string Read = "read";

    /// <summary>Line after a file that was refused.</summary>
    public const string Refused = "refused";

    /// <summary>Runs.</summary>
    public static int Run(string source, int first, int count, string folder)
    {
        var target = new FuzzTarget(source, folder);
        for (int number = first; number < first + count; number++)
        {
            Console.WriteLine(number);
            Console.WriteLine(target.Check(number) ? Read : Refused);
        }

        return 0;
    }
}
