using System.Diagnostics.CodeAnalysis;

namespace Polywire.Hosting;

/// <summary>A service of hosts that run for a test; what listens then takes free ports in place of its usual one.</summary>
[Experimental("PWX0001")]
public sealed class TestRun;
