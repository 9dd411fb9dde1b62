using FlowRatio.Cli;
using FlowRatio.Cli.Terminal;

ToolTerminal terminal = ToolTerminal.OfConsole();
using var interruption = new Interruption(terminal);
return await Tool.RunAsync(args, terminal, interruption.Token).ConfigureAwait(false);
