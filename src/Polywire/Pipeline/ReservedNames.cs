using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Polywire.Pipeline;

/// <summary>Keys of an answer that belong to a protocol, so that no action can set them. Immutable.</summary>
/// <param name="names">The keys, with case.</param>
[Experimental("PWX0001")]
public sealed class ReservedNames(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Every key that any transport reserves, and <c>error</c>. An answer whose type has none of them is written without looking for such keys.</summary>
    public static IReadOnlySet<string> Everywhere { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "context", "messageId", "messageCount", "error", "serverInformation", "requesterInformation",
    };

    /// <summary>No names.</summary>
    public static ReservedNames None { get; } = new();

    /// <summary>Whether a name is the protocol's.</summary>
    public bool Contains(string name) => Array.IndexOf(names, name) >= 0;

    /// <inheritdoc cref="Contains(string)"/>
    public bool Contains(ReadOnlySpan<byte> name)
    {
        foreach (var candidate in _utf8)
        {
            if (name.SequenceEqual(candidate))
            {
                return true;
            }
        }

        return false;
    }
}
