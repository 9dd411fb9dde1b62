using Spectre.Console;

namespace FlowRatio.Cli.Terminal;

/// <summary>Where the tool writes: results and tables to standard output, everything else to standard error.</summary>
internal sealed class ToolTerminal
{
    // A file has no width: keep tables from wrapping.
    private const int FileWidth = 140;
    private readonly bool isInteractive;

    /// <summary>Takes the two streams.</summary>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="isInteractive">Whether standard error is a terminal, on which a line can be written over.</param>
    public ToolTerminal(TextWriter output, TextWriter error, bool isInteractive)
    {
        Output = Create(output);
        ErrorWriter = error;
        this.isInteractive = isInteractive;
    }

    public IAnsiConsole Output { get; }

    public TextWriter ErrorWriter { get; }

    public static ToolTerminal OfConsole()
    {
        var terminal = new ToolTerminal(Console.Out, Console.Error, !Console.IsErrorRedirected);
        if (!Console.IsOutputRedirected)
        {
            terminal.Output.Profile.Width = AnsiConsole.Profile.Width;
        }

        return terminal;
    }

    /// <summary>The console for tables: standard error when the result itself goes to standard output.</summary>
    /// <param name="file">The file of the result, or null.</param>
    public IAnsiConsole ForTables(string? file) =>
        file is not null && Path.GetFullPath(file) is "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" ? Create(ErrorWriter) : Output;

    /// <summary>A message that is no error.</summary>
    public void Note(string text) => ErrorWriter.WriteLine(text);

    /// <summary>The sentence of an error.</summary>
    public void Error(string text) => ErrorWriter.WriteLine($"flowratio: {text}");

    /// <summary>A line that shows how far something is.</summary>
    public ProgressLine StartProgress() => new(ErrorWriter, isInteractive);

    private static IAnsiConsole Create(TextWriter writer)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = FileWidth;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
