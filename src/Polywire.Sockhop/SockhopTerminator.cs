using System.Text;

namespace Polywire.Sockhop;

/// <summary>What ends a message in text mode, for each direction. The two ends must mirror each other. Immutable.</summary>
public sealed class SockhopTerminator
{
    private SockhopTerminator(byte[] receive, byte[] transmit)
    {
        ReceiveBytes = receive;
        TransmitBytes = transmit;
    }

    /// <summary>LF both ways, the default.</summary>
    public static SockhopTerminator NewLine { get; } = Both("\n");

    /// <summary>The bytes that end a received message.</summary>
    public ReadOnlyMemory<byte> Receive => ReceiveBytes;

    /// <summary>The bytes written after a message.</summary>
    public ReadOnlyMemory<byte> Transmit => TransmitBytes;

    internal byte[] ReceiveBytes { get; }

    internal byte[] TransmitBytes { get; }

    /// <summary>One terminator for both directions, as UTF-8.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static SockhopTerminator Both(string terminator) => Split(terminator, terminator);

    /// <summary>One terminator for both directions, as bytes; copied.</summary>
    /// <exception cref="ArgumentException">It is empty.</exception>
    public static SockhopTerminator Both(ReadOnlySpan<byte> terminator) => Split(terminator, terminator);

    /// <summary>A terminator for each direction, as UTF-8.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    public static SockhopTerminator Split(string receive, string transmit)
    {
        ArgumentNullException.ThrowIfNull(receive);
        ArgumentNullException.ThrowIfNull(transmit);
        return Split(Encoding.UTF8.GetBytes(receive), Encoding.UTF8.GetBytes(transmit));
    }

    /// <summary>A terminator for each direction, as bytes; copied.</summary>
    /// <exception cref="ArgumentException">One is empty.</exception>
    public static SockhopTerminator Split(ReadOnlySpan<byte> receive, ReadOnlySpan<byte> transmit)
    {
        if (receive.IsEmpty || transmit.IsEmpty)
        {
            throw new ArgumentException("A terminator has at least one byte.");
        }

        return new SockhopTerminator(receive.ToArray(), transmit.ToArray());
    }
}
