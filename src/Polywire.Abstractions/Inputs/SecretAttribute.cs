namespace Polywire;

/// <summary>Marks an input that must not be seen: logs, traces and dashboards show <c>[FILTERED]</c>.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter, Inherited = false)]
public sealed class SecretAttribute : Attribute;
