using System.Security.Cryptography;

namespace Polywire.Cluster;

/// <summary>The name of this process among those of a cluster.</summary>
/// <param name="Id">The configured one, else HOST-PID-6RANDOM (core.md X-26).</param>
internal sealed record NodeIdentity(string Id)
{
    /// <summary>Makes the identity of a process for which none is configured.</summary>
    public static NodeIdentity Create() =>
        new($"{Environment.MachineName}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
}
