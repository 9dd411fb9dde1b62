using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>No row's result depends on another.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.Products))]
public sealed class ProductRowIndependenceTests(Func<ComputeBackend> create) : ContractRowIndependenceTests(create);
