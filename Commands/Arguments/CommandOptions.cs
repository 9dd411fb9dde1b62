using System.CommandLine;

namespace FlowRatio.Commands.Arguments;

/// <summary>Options in the tool's way: long names, defaults in the help, values checked with the option's name in the message.</summary>
internal static class CommandOptions
{
    public static Option<int> Number(string name, int value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    public static Option<double> Real(string name, double value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    public static Option<string> Word(string name, string value, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    /// <summary>Comma-separated names (<see cref="NameList"/>); an empty list when the option is not given.</summary>
    /// <param name="text">The list.</param>
    /// <param name="known">Names that exist, where they are known.</param>
    public static string[] Names(string? text, IReadOnlyCollection<string>? known = null) => NameList.Read(text, known);

    public static int AtLeast(ParseResult parsed, Option<int> option, int least)
    {
        int value = parsed.GetValue(option);
        return value >= least ? value : throw new ArgumentException($"{option.Name} is {value}; at least {least} is needed.");
    }

    public static int? AtLeast(ParseResult parsed, Option<int?> option, int least)
    {
        int? value = parsed.GetValue(option);
        return value is null || value >= least ? value : throw new ArgumentException($"{option.Name} is {value}; at least {least} is needed.");
    }

    public static double Positive(ParseResult parsed, Option<double> option)
    {
        double value = parsed.GetValue(option);
        return value > 0 && double.IsFinite(value) ? value : throw new ArgumentException($"{option.Name} is {value}; a positive number is needed.");
    }

    public static double Share(ParseResult parsed, Option<double> option)
    {
        double value = parsed.GetValue(option);
        return value is >= 0 and < 1 ? value : throw new ArgumentException($"{option.Name} is {value}; a number in [0, 1) is needed.");
    }

    public static Option<double> LatestTime() => Real("--latest-time", 1, "Latest time of training's path samples, in (0, 1]; below 1 for noise on the path.");

    public static Option<double?> ImpliedScore() => new("--implied-score")
    {
        Description = "Share of each score that is taken from the velocity, away from the data, 0 to 1 [0.5 without a base, 0 with one and for imported models].",
    };

    public static double? Portion(ParseResult parsed, Option<double?> option)
    {
        double? value = parsed.GetValue(option);
        return value is null or (>= 0 and <= 1) ? value : throw new ArgumentException($"{option.Name} is {value}; a number in [0, 1] is needed.");
    }

    public static ulong Seed(ParseResult parsed, Option<long> option)
    {
        long value = parsed.GetValue(option);
        return value >= 0 ? (ulong)value : throw new ArgumentException($"{option.Name} is {value}; a non-negative number is needed.");
    }

    /// <summary>Where to write: its folder must be there before any work is done.</summary>
    public static string OutputPath(string path, string name)
    {
        if (path.Length == 0)
        {
            throw new ArgumentException($"{name} is empty; the name of a file is needed.");
        }

        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        return Directory.Exists(path) ? throw new ArgumentException($"{name}: {path} is a folder; the name of a file is needed.")
            : folder is null || Directory.Exists(folder) ? path
            : throw new ArgumentException($"{name}: the folder {folder} does not exist; make it first.");
    }
}
