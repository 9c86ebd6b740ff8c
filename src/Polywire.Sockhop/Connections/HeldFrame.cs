using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <summary>A message whose sender waits for room in the queue.</summary>
internal sealed class HeldFrame : TaskCompletionSource
{
    private readonly Connection _connection;
    private readonly FrameKind _kind;
    private readonly WireType _type;
    private readonly bool _isBytes;
    private readonly byte[] _data;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Stream? _stream;
    private readonly byte[] _id;
    private readonly bool _idIsJson;
    private readonly long _streamLength;

    public HeldFrame(Connection connection, in OutboundFrame frame)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _connection = connection;
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
        if (_connection.Leave(this))
        {
            TrySetCanceled(cancellationToken);
        }
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
