using System.Buffers;
using System.Buffers.Text;
using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Peer;

/// <summary>A buffer's bytes that are read from a stream while they are written.</summary>
/// <param name="source">Read from the beginning to <paramref name="length"/>, and not closed.</param>
/// <param name="length">How many bytes the frame says it has.</param>
/// <param name="isText">Whether they are written as base64.</param>
internal sealed class OutboundStream(Stream source, long length, bool isText)
{
    private const int PieceLength = 96 << 10;

    public long Length => length;

    /// <summary>Writes all of it. A frame that has begun must be finished: where this fails, the connection cannot go on.</summary>
    /// <exception cref="EndOfStreamException">The stream has fewer bytes than the frame says.</exception>
    public async ValueTask SendAsync(Wire wire, CancellationToken ended)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        var text = isText ? ArrayPool<byte>.Shared.Rent((int)TextForm.Base64Length(PieceLength)) : null;
        try
        {
            for (var left = length; left > 0;)
            {
                // Whole groups of three, so that the pieces' base64 is that of the whole.
                var count = (int)Math.Min(left, PieceLength);
                await source.ReadExactlyAsync(piece.AsMemory(0, count), ended).ConfigureAwait(false);
                left -= count;
                if (text is null)
                {
                    await wire.SendAsync(piece.AsMemory(0, count), default).ConfigureAwait(false);
                }
                else
                {
                    Base64.EncodeToUtf8(piece.AsSpan(0, count), text, out _, out var written);
                    await wire.SendAsync(text.AsMemory(0, written), default).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            if (text is not null)
            {
                ArrayPool<byte>.Shared.Return(text);
            }
        }
    }
}
