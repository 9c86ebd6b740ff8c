using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Handlers;

/// <summary>Which handler takes what. Read without a lock; a registration replaces the tables.</summary>
internal sealed class HandlerTable
{
    private readonly Lock _gate = new();
    private volatile Tables _tables = new([], [], [], null);

    /// <summary>Whether the application takes anything at all.</summary>
    public bool IsEmpty => _tables is { CatchAll: null, Messages.Count: 0, Requests.Count: 0, TypedBuffers.Count: 0 };

    /// <summary>Whether buffers of any type are read as streams.</summary>
    public bool HasStreams { get; private set; }

    public void AddMessage(string type, Handler handler) => Change(tables => tables with { Messages = With(tables.Messages, type, handler, "messages") });

    public void AddRequest(string type, Handler handler) => Change(tables => tables with { Requests = With(tables.Requests, type, handler, "requests") });

    public void AddTypedBuffer(string type, Handler handler) =>
        Change(tables => tables with { TypedBuffers = With(tables.TypedBuffers, type, handler, "typed buffers") });

    public void AddStream(string type, StreamHandler handler)
    {
        HasStreams = true;
        if (type == WireNames.Buffer)
        {
            AddMessage(type, handler);
        }
        else
        {
            AddTypedBuffer(type, handler);
        }
    }

    public void SetCatchAll(Handler handler) => Change(tables => tables.CatchAll is null
        ? tables with { CatchAll = handler }
        : throw new InvalidOperationException("There is a handler for all other messages already."));

    /// <summary>Makes the work of a message; null where nobody takes it.</summary>
    public WorkItem? Accept(Connection connection, in Frame frame)
    {
        var tables = _tables;
        var handler = frame.IsTypedBuffer ? Find(tables.TypedBuffers, frame)
            : frame.Kind == FrameKind.Request ? Find(tables.Requests, frame) ?? Find(tables.Messages, frame)
            : Find(tables.Messages, frame);
        return (handler ?? tables.CatchAll)?.CreateItem(connection, frame);
    }

    /// <summary>Who reads messages of a type's buffers as streams; null where nobody does.</summary>
    public StreamHandler? FindStream(ReadOnlySpan<byte> type)
    {
        var tables = _tables;
        return Find(type.SequenceEqual("Buffer"u8) ? tables.Messages : tables.TypedBuffers, type) as StreamHandler;
    }

    private static Handler? Find(Dictionary<string, Handler> handlers, in Frame frame) =>
        Find(handlers, frame.Type) is { } handler && handler.TakesBytes == frame.IsBytes ? handler : null;

    private static Handler? Find(Dictionary<string, Handler> handlers, ReadOnlySpan<byte> type) =>
        handlers.Count > 0 && handlers.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(type, out var handler) ? handler : null;

    private static Dictionary<string, Handler> With(Dictionary<string, Handler> handlers, string type, Handler handler, string what)
    {
        SockhopTypeRegistry.ThrowIfReserved(type);
        var copy = new Dictionary<string, Handler>(handlers, Utf8NameComparer.Instance);
        return copy.TryAdd(type, handler)
            ? copy
            : throw new InvalidOperationException($"There is a handler for {what} of type '{type}' already.");
    }

    private void Change(Func<Tables, Tables> change)
    {
        lock (_gate)
        {
            _tables = change(_tables);
        }
    }

    private sealed record Tables(
        Dictionary<string, Handler> Messages, Dictionary<string, Handler> Requests, Dictionary<string, Handler> TypedBuffers, Handler? CatchAll);
}
