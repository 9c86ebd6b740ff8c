using System.Buffers;
using System.IO.Pipelines;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>A whole body in one piece of rented memory; dispose it to give that back.</summary>
internal sealed class BodyBuffer(int limit, BodyHold hold) : IDisposable
{
    private byte[] _bytes = [];
    private int _length;

    /// <summary>What was read.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    /// <summary>Reads to the end of a body. Memory grows with what came, never with what was announced.</summary>
    /// <exception cref="OperationCanceledException">The server holds too much, or nobody waits for the answer.</exception>
    /// <returns>Whether it is within the limit; reading stops where it is not.</returns>
    public async ValueTask<bool> FillAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            var fits = result.Buffer.Length <= limit - _length;
            if (fits)
            {
                Append(result.Buffer);
            }

            reader.AdvanceTo(result.Buffer.End);
            hold.ThrowIfEnded();
            if (!fits || result.IsCompleted)
            {
                return fits;
            }

            hold.Report(_bytes.Length, reader);
        }
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Append(in ReadOnlySequence<byte> more)
    {
        var needed = _length + (int)more.Length;
        if (needed > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Max(needed, _bytes.Length * 2L), Array.MaxLength));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            if (_bytes.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_bytes);
            }

            _bytes = larger;
        }

        more.CopyTo(_bytes.AsSpan(_length));
        _length = needed;
    }
}
