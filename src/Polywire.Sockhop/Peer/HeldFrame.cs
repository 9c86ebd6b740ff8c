using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>A message whose sender waits for room in the queue.</summary>
internal sealed class HeldFrame : TaskCompletionSource
{
    private readonly Writer _writer;
    private readonly FrameKind _kind;
    private readonly WireType _type;
    private readonly bool _isBytes;
    private readonly byte[] _data;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Stream? _stream;
    private readonly byte[] _id;
    private readonly bool _idIsJson;
    private readonly long _streamLength;

    public HeldFrame(Writer writer, in OutboundFrame frame)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _writer = writer;
        _kind = frame.Kind;
        _type = frame.Type;
        _isBytes = frame.IsBytes;
        _bytes = frame.Bytes;
        _stream = frame.Stream;
        _streamLength = frame.StreamLength;
        _data = frame.Data.ToArray();
        _id = frame.Id.ToArray();
        _idIsJson = frame.IdIsJson;
        Place = new LinkedListNode<HeldFrame>(this);
    }

    /// <summary>Its place in the line; in none once it is written or given up.</summary>
    public LinkedListNode<HeldFrame> Place { get; }

    public OutboundFrame Frame => new()
    {
        Kind = _kind,
        Type = _type,
        IsBytes = _isBytes,
        Data = _data,
        Bytes = _bytes,
        Stream = _stream,
        StreamLength = _streamLength,
        Id = _id,
        IdIsJson = _idIsJson,
    };

    /// <summary>Leaves the line, unless its turn has come.</summary>
    public void GiveUp(CancellationToken cancellationToken)
    {
        if (_writer.Leave(this))
        {
            TrySetCanceled(cancellationToken);
        }
    }

    /// <summary>Waits until it is written, or gives up when cancelled.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await using (cancellationToken.UnsafeRegister(static (held, token) => ((HeldFrame)held!).GiveUp(token), this).ConfigureAwait(false))
        {
            await Task.ConfigureAwait(false);
        }
    }

    /// <summary>Waits until it is written. A request that has ended before it could be written is not written any more.</summary>
    public async Task WaitAsync(PendingRequest request)
    {
        if (await System.Threading.Tasks.Task.WhenAny(Task, request.Ended).ConfigureAwait(false) != Task)
        {
            GiveUp(CancellationToken.None);
        }

        await Task.ConfigureAwait(false);
    }

    /// <summary>Ends as the writing does.</summary>
    public void Follow(Task writing) => _ = FollowAsync(writing);

    private async Task FollowAsync(Task writing)
    {
        try
        {
            await writing.ConfigureAwait(false);
            TrySetResult();
        }
        catch (SockhopException exception)
        {
            TrySetException(exception);
        }
    }
}
