using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Polywire.Pipeline;

/// <summary>Keys of an answer that are the protocol's.</summary>
[Experimental("PWX0001")]
public sealed class ReservedNames(params string[] names)
{
    private readonly byte[][] _utf8 = [.. names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>Every key that any transport reserves, and <c>error</c>: an output type without them needs no second look.</summary>
    public static IReadOnlySet<string> Everywhere { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "context", "messageId", "messageCount", "error", "serverInformation", "requesterInformation",
    };

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
