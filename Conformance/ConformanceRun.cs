using FlowRatio.Kernels;
using FlowRatio.Tests.Support;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

namespace FlowRatio.Conformance;

/// <summary>Runs the contract tests on one device inside this process.</summary>
public static class ConformanceRun
{
    /// <summary>Runs the tests.</summary>
    /// <param name="device">Name of the device.</param>
    /// <param name="precision">How it multiplies.</param>
    /// <param name="graphs">Whether it keeps graphs.</param>
    /// <param name="only">Part of the names of the tests to run; empty for all.</param>
    /// <param name="cancellation">Stops the run after the test that is running.</param>
    public static ConformanceResult Run(
        string device, ProductPrecision precision, bool graphs, string only, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(only);
        TestBackends.Only = (device, precision, graphs);
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(typeof(ConformanceRun).Assembly, new Dictionary<string, object> { ["NumberOfTestWorkers"] = 0 });
        using CancellationTokenRegistration stop = cancellation.Register(() => runner.StopRun(force: false));
        ITestResult result = runner.Run(TestListener.NULL, new NameFilter(only));
        cancellation.ThrowIfCancellationRequested();
        List<string> failures = [];
        Collect(result, failures);
        return new ConformanceResult(result.PassCount, result.FailCount, result.SkipCount, failures);
    }

    private static void Collect(ITestResult result, List<string> failures)
    {
        if (!result.HasChildren && result.ResultState.Status == TestStatus.Failed)
        {
            failures.Add($"{result.FullName}: {result.Message.Trim()}");
        }

        foreach (ITestResult child in result.Children)
        {
            Collect(child, failures);
        }
    }

    /// <summary>Tests whose full name contains a text, and what contains them.</summary>
    private sealed class NameFilter(string part) : TestFilter
    {
        public override bool Match(ITest test) => test.FullName.Contains(part, StringComparison.OrdinalIgnoreCase);

        public override TNode AddToXml(TNode parentNode, bool recursive) => parentNode.AddElement("test", part);
    }
}
