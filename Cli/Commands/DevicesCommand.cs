using System.CommandLine;
using System.Globalization;
using FlowRatio.Cli.Terminal;
using FlowRatio.Kernels;
using Spectre.Console;

namespace FlowRatio.Cli.Commands;

/// <summary><c>devices</c>: what <c>--device</c> can be on this machine.</summary>
internal static class DevicesCommand
{
    public static Command Create(ToolTerminal terminal, ToolFailure failures)
    {
        var command = new Command("devices", "List what can be computed on: the processor, and the cards whose drivers answer.");
        command.SetAction(failures.Guard((_, _) =>
        {
            Table table = new Table().AddColumns("--device", "product", "capability", "memory", "usable");
            table.Columns[3].RightAligned();
            foreach (DeviceEntry entry in DeviceCatalog.List())
            {
                table.AddRow(
                    Markup.Escape(entry.Name),
                    Markup.Escape(entry.Product),
                    Markup.Escape(entry.Capability),
                    string.Create(CultureInfo.InvariantCulture, $"{entry.MemoryBytes / (double)(1 << 30):0.0} GiB"),
                    Markup.Escape(entry.Refusal is { } reason ? $"no: {reason}" : "yes"));
            }

            terminal.Output.Write(table);
            return 0;
        }));
        return command;
    }
}
