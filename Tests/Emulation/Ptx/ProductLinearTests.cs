using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>The contract of layers, with products in PTX.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.Products))]
public sealed class ProductLinearTests(Func<ComputeBackend> create) : ContractLinearTests(create);
