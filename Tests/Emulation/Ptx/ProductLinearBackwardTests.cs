using FlowRatio.Engine.Compute;
using FlowRatio.Tests.Compute;
using FlowRatio.Tests.Support;

namespace FlowRatio.Tests.Emulation.Ptx;

/// <summary>The contract of their gradients.</summary>
[TestFixtureSource(typeof(TestBackends), nameof(TestBackends.Products))]
public sealed class ProductLinearBackwardTests(Func<ComputeBackend> create) : ContractLinearBackwardTests(create);
