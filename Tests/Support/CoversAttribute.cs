namespace FlowRatio.Tests.Support;

/// <summary>Names the backend operation that a contract test compares with the reference; the coverage test collects them.</summary>
/// <param name="operation">Name of a public method of ComputeBackend.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class CoversAttribute(string operation) : Attribute
{
    /// <summary>The operation.</summary>
    public string Operation => operation;
}
