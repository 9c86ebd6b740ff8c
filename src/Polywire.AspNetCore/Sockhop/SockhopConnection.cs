using System.Net;
using System.Text.Json;
using Polywire.Bounds;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Outbound;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>A Sockhop peer as the application sees it.</summary>
/// <remarks>What is sent goes through the bounded queue of its session; a peer for whom that is full is disconnected.</remarks>
internal sealed class SockhopConnection : Connection, IInputHolder
{
    private const string MessageType = "Object";

    private readonly SockhopDoorSession _session;
    private IInputAccount? _stickyAccount;

    public SockhopConnection(SockhopDoorSession session, ConnectionServices services)
        : this(Guid.NewGuid().ToString(), session, services)
    {
    }

    private SockhopConnection(string id, SockhopDoorSession session, ConnectionServices services)
        : base(id, id, Transports.Sockhop, services.Time)
    {
        _session = session;
        Services = services;
    }

    public ConnectionServices Services { get; }

    public override string RemoteIP => _session.RemoteEndPoint is IPEndPoint address ? address.Address.ToString() : "unix";

    public override int RemotePort => (_session.RemoteEndPoint as IPEndPoint)?.Port ?? 0;

    public override ValueTask SendAsync<T>(T message, CancellationToken cancellationToken = default)
    {
        using var buffer = ResponseBuffer.Rent();
        JsonSerializer.Serialize(buffer.Writer, message, Services.Json.GetTypeInfo<T>());
        buffer.Writer.Flush();
        if (buffer.Length > Services.Limits.MaxBytes)
        {
            throw new InvalidOperationException(
                $"The message has {buffer.Length} bytes; a connection takes {Services.Limits.MaxBytes} at most (Polywire:MaxQueueLength).");
        }

        Push(buffer.WrittenSpan);
        return default;
    }

    public override ValueTask CloseAsync() => _session.CloseAsync();

    internal override void BeginStop() => _ = _session.Requests.StopAsync();

    internal override Delivery Deliver(BroadcastMessage message) => Push(message.Json.Span);

    /// <summary>Counts the sticky params, which the messages of the session know nothing of.</summary>
    public void ReportSticky()
    {
        var held = Sticky?.HeldBytes ?? 0;
        if (_stickyAccount is null && held > InputBudget.FreeBytes)
        {
            _stickyAccount = Services.InputBudget.Open(this);
        }

        _stickyAccount?.Report(held);
    }

    /// <summary>Lets go of what sticks; the session is over.</summary>
    public void CloseSticky()
    {
        ReplaceSticky(null);
        _stickyAccount?.Close();
    }

    void IInputHolder.EndInput(in InputEnd end)
    {
        var remoteIP = RemoteIP;
        _session.Abort();
        Services.InputEnds.Tell(Type, remoteIP, end);
    }

    /// <summary>Sends one JSON value that nobody asked for, or the answer to a message without a callback.</summary>
    public Delivery Push(ReadOnlySpan<byte> json) => Watch(_session.SendJsonAsync(MessageType, json));

    /// <summary>Answers a message.</summary>
    public void Answer(SockhopMessage message, ReadOnlySpan<byte> json)
    {
        if (message.IsRequest)
        {
            try
            {
                Watch(message.ReplyJsonAsync(MessageType, json));
            }
            catch (SockhopException)
            {
                // It ended; nobody waits for the answer.
            }
        }
        else
        {
            Push(json);
        }
    }

    /// <summary>Answers a message with bytes, as a buffer.</summary>
    /// <returns>Ends when they need not be kept any longer; false if the connection has ended.</returns>
    public async ValueTask<bool> AnswerBufferAsync(SockhopMessage message, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await (message.IsRequest ? message.ReplyAsync(bytes) : _session.SendBufferAsync(bytes));
            return true;
        }
        catch (SockhopException)
        {
            return false;
        }
    }

    // What does not fit into the queue at once waits for a peer that does not read.
    private Delivery Watch(ValueTask sending)
    {
        if (sending.IsCompletedSuccessfully)
        {
            return Delivery.Delivered;
        }

        var outcome = Delivery.Closed;
        if (!sending.IsCompleted)
        {
            outcome = Delivery.Dropped;
            Services.Metrics.SlowReaderDropped(this, 1);
            _session.Abort();
        }

        _ = IgnoreEndAsync(sending);
        return outcome;
    }

    private static async Task IgnoreEndAsync(ValueTask sending)
    {
        try
        {
            await sending;
        }
        catch (SockhopException)
        {
            // It ended; whoever sends need not care.
        }
    }
}
