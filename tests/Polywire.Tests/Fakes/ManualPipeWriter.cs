using System.IO.Pipelines;

namespace Polywire.Tests.Fakes;

/// <summary>A pipe writer that keeps each write by itself, and takes the next one only when a test lets it.</summary>
internal sealed class ManualPipeWriter : PipeWriter
{
    private readonly Lock _gate = new();
    private readonly List<byte[]> _writes = [];
    private byte[] _memory = [];
    private int _advanced;
    private TaskCompletionSource<FlushResult>? _held;

    /// <summary>Whether writes wait for <see cref="Release"/>.</summary>
    public bool Holds { get; set; }

    /// <summary>Thrown by the next writes.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Whether the peer has stopped reading.</summary>
    public bool IsEnded { get; set; }

    /// <summary>What was written, one item for each write.</summary>
    public IReadOnlyList<byte[]> Writes
    {
        get
        {
            lock (_gate)
            {
                return [.. _writes];
            }
        }
    }

    public string Text => string.Concat(Writes.Select(System.Text.Encoding.UTF8.GetString));

    /// <summary>Lets the write that waits go through.</summary>
    public void Release(bool ended = false)
    {
        TaskCompletionSource<FlushResult> held;
        lock (_gate)
        {
            held = _held ?? throw new InvalidOperationException("Nothing waits.");
            _held = null;
        }

        held.SetResult(new FlushResult(false, ended));
    }

    /// <summary>Lets the write that waits fail.</summary>
    public void Break(Exception exception)
    {
        var held = _held ?? throw new InvalidOperationException("Nothing waits.");
        _held = null;
        held.SetException(exception);
    }

    public override void Advance(int bytes) => _advanced += bytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _memory = new byte[Math.Max(sizeHint, 16)];

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void CancelPendingFlush() => throw new NotSupportedException();

    public override void Complete(Exception? exception = null)
    {
    }

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var bytes = _memory.AsMemory(0, _advanced);
        _advanced = 0;
        return WriteAsync(bytes, cancellationToken);
    }

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        lock (_gate)
        {
            if (_held is not null)
            {
                throw new InvalidOperationException("Two writes at once.");
            }

            _writes.Add(source.ToArray());
            if (!Holds)
            {
                return new ValueTask<FlushResult>(new FlushResult(false, IsEnded));
            }

            _held = new TaskCompletionSource<FlushResult>();
            return new ValueTask<FlushResult>(_held.Task);
        }
    }
}
