namespace Polywire.AspNetCore.Sockets;

/// <summary>How incoming bytes are cut into lines; one object for all connections of a server.</summary>
/// <remarks>Source: docs/protocol/socket.md, 3. Immutable.</remarks>
internal sealed class LineRules
{
    /// <summary>The ceiling where none is set: 64 MiB.</summary>
    public const long DefaultMaxLineBytes = 64 * 1024 * 1024;

    private readonly byte[] _delimiter;

    /// <summary>Makes the rules of a server.</summary>
    /// <param name="delimiter">What ends a line; a single LF stands for LF, CR LF and CR.</param>
    /// <param name="maxDataLength">Longest line answered normally, in bytes without its delimiter; 0 for no limit.</param>
    /// <param name="maxLineBytes">Longest line borne where there is no limit, in bytes without its delimiter; 0 for none.</param>
    /// <exception cref="ArgumentException"><paramref name="delimiter"/> is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A length is negative.</exception>
    public LineRules(ReadOnlySpan<byte> delimiter, long maxDataLength = 0, long maxLineBytes = DefaultMaxLineBytes)
    {
        if (delimiter.IsEmpty)
        {
            throw new ArgumentException("A delimiter has at least one byte.", nameof(delimiter));
        }

        ArgumentOutOfRangeException.ThrowIfNegative(maxDataLength);
        ArgumentOutOfRangeException.ThrowIfNegative(maxLineBytes);
        _delimiter = delimiter.ToArray();
        MaxDataLength = maxDataLength;
        MaxLineBytes = maxLineBytes;
        EndsAtLineBreaks = delimiter is [LineProtocol.LineFeed];
    }

    /// <summary>LF, no limit, the default ceiling.</summary>
    public static LineRules Default { get; } = new([LineProtocol.LineFeed]);

    /// <summary>The bytes that end a line, at least one.</summary>
    public ReadOnlySpan<byte> Delimiter => _delimiter;

    /// <summary>Longest line answered normally, in bytes without its delimiter; 0 for no limit.</summary>
    public long MaxDataLength { get; }

    /// <summary>Longest line borne where <see cref="MaxDataLength"/> is 0, in bytes without its delimiter; 0 for none.</summary>
    public long MaxLineBytes { get; }

    /// <summary>Whether LF and CR each end a line, which they do where the delimiter is LF.</summary>
    public bool EndsAtLineBreaks { get; }
}
