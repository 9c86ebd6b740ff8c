using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Polywire;

/// <summary>The name of this process among those of a cluster. A singleton of the host; immutable.</summary>
/// <remarks>
/// A node has an <see cref="Id"/>, which it may have again after a restart. One start of one process is an <see cref="Incarnation"/>: whatever a node
/// leaves in a store that others share names this, so that nobody takes what a process left that is gone for what one of the same id has.
/// Source: cluster.md NO-6.
/// </remarks>
[Experimental("PWX0002")]
public sealed class NodeIdentity
{
    /// <summary>The most characters that an id may have.</summary>
    public const int MaxIdLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-");

    /// <summary>Makes the identity of one start of a process, with an epoch of its own.</summary>
    /// <param name="id">1 to 128 characters out of <c>A–Z a–z 0–9 . _ : @ -</c>.</param>
    /// <exception cref="ArgumentException">The id is not made of these.</exception>
    public NodeIdentity(string id)
    {
        if (!IsId(id))
        {
            throw new ArgumentException("A node's id has 1 to 128 characters out of A-Z a-z 0-9 . _ : @ -", nameof(id));
        }

        Id = id;
        Epoch = RandomNumberGenerator.GetHexString(12, lowercase: true);
        Incarnation = $"{Id}/{Epoch}";
    }

    /// <summary>The configured <see cref="PolywireOptions.NodeId"/>, else HOST-PID-6RANDOM (core.md X-26).</summary>
    public string Id { get; }

    /// <summary>12 random lower-case hexadecimal digits, made at the start.</summary>
    public string Epoch { get; }

    /// <summary><c>ID/EPOCH</c>.</summary>
    public string Incarnation { get; }

    /// <summary>Makes the identity of a process for which none is configured.</summary>
    internal static NodeIdentity Create()
    {
        // What a host may be called is wider than what a node may be.
        var host = new string([.. Environment.MachineName.Take(64).Select(letter => Allowed.Contains(letter) ? letter : '-')]);
        return new NodeIdentity($"{host}-{Environment.ProcessId}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
    }

    /// <summary>Whether a text may be the id of a node.</summary>
    internal static bool IsId([NotNullWhen(true)] string? id) =>
        id is { Length: > 0 and <= MaxIdLength } && !id.AsSpan().ContainsAnyExcept(Allowed);
}
