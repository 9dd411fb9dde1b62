using System.Runtime.InteropServices;

namespace FlowRatio.Cli.Terminal;

/// <summary>
/// Ctrl-C and SIGTERM: the first asks the command to stop where nothing is lost, the second ends the process at once.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] registrations;
    private readonly ToolTerminal terminal;

    public Interruption(ToolTerminal terminal)
    {
        this.terminal = terminal;
        registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations)
        {
            registration.Dispose();
        }

        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (source.IsCancellationRequested)
        {
            Environment.Exit(ToolFailure.Interrupted);
        }

        terminal.Note("\nStopping; once more to quit at once.");
        source.Cancel();
    }
}
