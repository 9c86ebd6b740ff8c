namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Gives one piece for each read.</summary>
internal sealed class PieceStream(IEnumerable<ReadOnlyMemory<byte>> pieces) : MemoryStream
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(pieces.Where(piece => !piece.IsEmpty));
    private ReadOnlyMemory<byte> _rest;

    public override bool CanSeek => false;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_rest.IsEmpty && !_pieces.TryDequeue(out _rest))
        {
            return new ValueTask<int>(0);
        }

        var taken = Math.Min(_rest.Length, buffer.Length);
        _rest[..taken].CopyTo(buffer);
        _rest = _rest[taken..];
        return new ValueTask<int>(taken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
}
