using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <summary>A message, request or reply as it was received.</summary>
/// <remarks>
/// Given to a handler, its bytes are good until the handler has finished; of a reply, or from <see cref="SockhopClient.ReadAllAsync"/>,
/// they last.
/// </remarks>
public sealed class SockhopMessage
{
    private ReadOnlyMemory<byte> _data;
    private JsonElement _json;
    private bool _isForgotten;
    private bool _isOwned;
    private int _answers;

    private SockhopMessage(Connection connection, in Frame frame, ReadOnlyMemory<byte> data)
    {
        if (!frame.IsChecked && !JsonText.IsValid(data.Span, connection.Settings.Json.MaxDepth))
        {
            throw new JsonException(
                JsonText.IsTooDeep(data.Span, connection.Settings.Json.MaxDepth) ? connection.Settings.Json.TooDeep : "JSON is expected.");
        }

        Connection = connection;
        _data = data;
        Type = TypeName(frame.Type);
        Kind = !frame.IsBytes ? SockhopMessageKind.Json : frame.IsTypedBuffer ? SockhopMessageKind.TypedBuffer : SockhopMessageKind.Buffer;
        HasValue = frame.HasData;
        IsRequest = frame.Kind == FrameKind.Request;
        if (IsRequest)
        {
            Id = new CallbackId(frame.Id, frame.IdIsJson);
        }
    }

    /// <summary>The type's name; empty for an anonymous one.</summary>
    public string Type { get; }

    /// <summary>What it carries.</summary>
    public SockhopMessageKind Kind { get; }

    /// <summary>Whether it carries anything: a function sent as text arrives without a value.</summary>
    public bool HasValue { get; }

    /// <summary>Whether the sender waits for a reply.</summary>
    public bool IsRequest { get; }

    /// <summary>The value of a message of kind <see cref="SockhopMessageKind.Json"/>; undefined for others and where there is none.</summary>
    public JsonElement Json
    {
        get
        {
            if (Kind == SockhopMessageKind.Json && HasValue && _json.ValueKind == JsonValueKind.Undefined)
            {
                _json = JsonElement.Parse(_data.Span, new JsonDocumentOptions { MaxDepth = Connection.Settings.Json.MaxDepth });
            }

            return _json;
        }
    }

    /// <summary>The text of the value, in UTF-8; empty for a buffer and where there is no value. It lasts.</summary>
    public ReadOnlyMemory<byte> Utf8Json => Kind == SockhopMessageKind.Json ? _data : default;

    /// <summary>The bytes of a buffer; empty for JSON.</summary>
    /// <exception cref="ObjectDisposedException">The handler has finished, and the memory is used for something else.</exception>
    public ReadOnlyMemory<byte> Memory
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isForgotten, this);
            return Kind == SockhopMessageKind.Json ? default : _data;
        }
    }

    /// <summary>The same as <see cref="Memory"/>, as a sequence.</summary>
    /// <exception cref="ObjectDisposedException">The handler has finished, and the memory is used for something else.</exception>
    public ReadOnlySequence<byte> Bytes => new(Memory);

    /// <summary>What it came on.</summary>
    internal Connection Connection { get; }

    internal CallbackId Id { get; }

    internal long Size => _data.Length + (2L * Type.Length) + Id.Length;

    internal bool IsAnswered => Volatile.Read(ref _answers) > 0;

    /// <summary>Makes a value of it: of JSON by the options of the client or server, of a buffer as <c>byte[]</c> or memory.</summary>
    /// <exception cref="JsonException">It does not fit.</exception>
    public T? Deserialize<T>()
    {
        ObjectDisposedException.ThrowIf(_isForgotten, this);
        if (FrameValue.IsBytes(typeof(T)))
        {
            return Kind == SockhopMessageKind.Json
                ? throw new JsonException("The message is no buffer.")
                : typeof(T) == typeof(ReadOnlyMemory<byte>) ? (T)(object)_data
                : FrameValue.OfBytes<T>(_data.ToArray());
        }

        if (Kind != SockhopMessageKind.Json)
        {
            throw new JsonException("The message is a buffer.");
        }

        return HasValue ? Connection.Settings.Json.Read<T>(_data.Span) : default;
    }

    /// <summary>Answers a request; null with an empty object. Bytes are sent as a buffer.</summary>
    /// <returns>Ends when the reply is in the queue.</returns>
    /// <exception cref="InvalidOperationException">It is no request, or was answered already.</exception>
    /// <exception cref="SockhopException">The connection has ended, or the value has no form on the wire.</exception>
    public ValueTask ReplyAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Answer();
        try
        {
            return Outbound.ReplyAsync(Connection, Id, value, cancellationToken);
        }
        catch
        {
            // Nothing was sent: it may be answered otherwise.
            Interlocked.Exchange(ref _answers, 0);
            throw;
        }
    }

    /// <summary>Answers a request with a JSON value under a type name.</summary>
    /// <inheritdoc cref="ReplyAsync{T}"/>
    public ValueTask ReplyAsync(string type, JsonElement value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        SockhopTypeRegistry.ThrowIfReserved(type);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        Answer();
        try
        {
            return Outbound.ReplyAsync(Connection, Id, new WireType(type), value, cancellationToken);
        }
        catch
        {
            Interlocked.Exchange(ref _answers, 0);
            throw;
        }
    }

    /// <summary>Answers a request with JSON text under a type name.</summary>
    /// <param name="type">The name on the wire.</param>
    /// <param name="json">One JSON value in UTF-8; copied.</param>
    /// <param name="cancellationToken">Gives up waiting for room.</param>
    /// <inheritdoc cref="ReplyAsync{T}"/>
    public ValueTask ReplyJsonAsync(string type, ReadOnlySpan<byte> json, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }

        var frame = Outbound.JsonFrame(Connection, type, json);
        Answer();
        try
        {
            return Connection.ReplyAsync(Id, frame, cancellationToken);
        }
        catch
        {
            Interlocked.Exchange(ref _answers, 0);
            throw;
        }
    }

    /// <summary>Answers a request with an empty object.</summary>
    /// <inheritdoc cref="ReplyAsync{T}"/>
    public ValueTask ReplyAsync(CancellationToken cancellationToken = default) => ReplyAsync<object?>(null, cancellationToken);

    internal static SockhopMessage Copy(Connection connection, in Frame frame)
    {
        return new SockhopMessage(connection, frame, frame.Data.ToArray());
    }

    internal static SockhopMessage Keep(Connection connection, in Frame frame, out ReceiveBlock? block)
    {
        block = null;
        if (!frame.IsBytes)
        {
            return new SockhopMessage(connection, frame, frame.Data.ToArray());
        }

        connection.Keep(frame, out var bytes, out block);
        return new SockhopMessage(connection, frame, bytes);
    }

    /// <summary>Makes the memory last.</summary>
    internal void Own()
    {
        if (Kind != SockhopMessageKind.Json)
        {
            _data = _data.ToArray();
            _isOwned = true;
        }
    }

    /// <summary>The memory is used for something else from now on.</summary>
    internal void Forget()
    {
        if (!_isOwned)
        {
            _isForgotten = true;
            _data = default;
        }
    }

    internal Frame ToFrame(byte[] type) => new()
    {
        Kind = IsRequest ? FrameKind.Request : FrameKind.Message,
        IsBytes = Kind != SockhopMessageKind.Json,
        IsChecked = true,
        HasData = HasValue,
        Type = type,
        Data = _data.ToArray(),
        DataOffset = Frame.Elsewhere,
        Id = IsRequest ? Id.Value : default,
        IdIsJson = IsRequest && Id.IsJson,
    };

    private static string TypeName(ReadOnlySpan<byte> type) => type.SequenceEqual("Object"u8) ? "Object" : Encoding.UTF8.GetString(type);

    private void Answer()
    {
        if (!IsRequest)
        {
            throw new InvalidOperationException("The message is no request: its sender waits for no reply.");
        }

        if (Interlocked.Exchange(ref _answers, 1) != 0)
        {
            throw new InvalidOperationException("The request was answered already.");
        }
    }
}
