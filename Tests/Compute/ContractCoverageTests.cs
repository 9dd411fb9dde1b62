using System.Reflection;
using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Compute;

/// <summary>A new operation of <see cref="ComputeBackend"/> fails here until a contract test covers it.</summary>
public sealed class ContractCoverageTests
{
    private static IEnumerable<string> Operations => typeof(ComputeBackend)
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(method => method.ReturnType == typeof(void) && method.GetParameters().Length > 0)
        .Select(method => method.Name)
        .Distinct();

    [TestCaseSource(nameof(Operations))]
    public void Operation_has_a_contract_test(string operation)
    {
        IEnumerable<MethodInfo> covering = typeof(ContractCoverageTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BackendContract)))
            .SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes<CoversAttribute>().Any(covers => covers.Operation == operation));
        Assert.That(covering, Is.Not.Empty, $"No contract test is marked [Covers(nameof(ComputeBackend.{operation}))].");
    }

    [Test]
    public void Every_contract_runs_on_every_backend()
    {
        IEnumerable<Type> contracts = typeof(ContractCoverageTests).Assembly.GetTypes()
            .Where(type => type.IsSubclassOf(typeof(BackendContract)));
        Assert.That(
            contracts.Where(type => type.GetCustomAttribute<TestFixtureSourceAttribute>()?.SourceType != typeof(TestBackends)),
            Is.Empty);
    }

    [Test]
    public void All_operations_are_seen()
    {
        // Guards the filter above: if operations began to return values, it would find none and pass.
        Assert.That(Operations.Count(), Is.GreaterThanOrEqualTo(21));
    }
}
