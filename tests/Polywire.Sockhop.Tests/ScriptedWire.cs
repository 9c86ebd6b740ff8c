using Polywire.Sockhop.Transport;

namespace Polywire.Sockhop.Tests;

/// <summary>Delivers pieces one after the other, then the end; keeps what is sent.</summary>
internal sealed class ScriptedWire(IEnumerable<ReadOnlyMemory<byte>> pieces) : Wire
{
    private readonly Queue<ReadOnlyMemory<byte>> _pieces = new(pieces.Where(piece => !piece.IsEmpty));
    private readonly MemoryStream _sent = new();
    private ReadOnlyMemory<byte> _rest;

    public byte[] Sent
    {
        get
        {
            lock (_sent)
            {
                return _sent.ToArray();
            }
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (_rest.IsEmpty && !_pieces.TryDequeue(out _rest))
        {
            return new(0);
        }

        var count = Math.Min(_rest.Length, buffer.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return new(count);
    }

    public override ValueTask SendAsync(ReadOnlyMemory<byte> first, ReadOnlyMemory<byte> second)
    {
        lock (_sent)
        {
            _sent.Write(first.Span);
            _sent.Write(second.Span);
        }

        return default;
    }

    public override ValueTask ShutdownAsync() => default;

    public override void Dispose()
    {
    }
}
