using System.Net;
using Polywire.Bounds;
using Polywire.Doors;
using Polywire.Files;
using Polywire.Outbound;
using Polywire.Sockhop;

namespace Polywire.AspNetCore.Sockhop;

/// <summary>A Sockhop peer as the application sees it.</summary>
/// <remarks>What is sent goes through the bounded queue of its session; a peer for whom that is full is disconnected.</remarks>
internal sealed class SockhopConnection : DoorConnection, IInputHolder
{
    private const string MessageType = "Object";

    private readonly SockhopDoorSession _session;
    private IInputAccount? _stickyAccount;

    public SockhopConnection(SockhopDoorSession session, ConnectionServices services)
        : this(Guid.NewGuid().ToString(), session, services)
    {
    }

    private SockhopConnection(string id, SockhopDoorSession session, ConnectionServices services)
        : base(id, id, Transports.Sockhop, services, SockhopProtocol.Instance)
    {
        _session = session;
    }

    public override string RemoteIP => _session.RemoteEndPoint is IPEndPoint address ? address.Address.ToString() : "unix";

    public override int RemotePort => (_session.RemoteEndPoint as IPEndPoint)?.Port ?? 0;

    public override OutboundLimits Limits => Services.Limits;

    /// <summary>Has the middleware decide on the peer, which may speak from then on.</summary>
    public async ValueTask OpenAsync(CancellationToken cancellationToken)
    {
        if (await Services.Lifetime.OpenAsync(this, cancellationToken))
        {
            Welcome();
        }
        else
        {
            await EndAsync(CloseReason.Refused, TimeSpan.Zero);
        }
    }

    /// <summary>Notes that the session has ended, by itself or because the connection has.</summary>
    /// <returns>Completes when the connection has left its rooms and the registry.</returns>
    public async ValueTask OnEndAsync(CloseReason reason)
    {
        await LeaveAsync(reason);
        ReplaceSticky(null);
        _stickyAccount?.Close();
    }

    public override void Answer(ReadOnlySpan<byte> message, in MessageIds ids)
    {
        if (ids.Request is not SockhopMessage { IsRequest: true } request)
        {
            Push(message);
            return;
        }

        try
        {
            Watch(request.ReplyJsonAsync(MessageType, message));
        }
        catch (SockhopException)
        {
            // It ended; nobody waits for the answer.
        }
    }

    public override void Flush()
    {
        // The session writes by itself.
    }

    public override async ValueTask<bool> SendFileAsync(PublicFile file, FileRequest request, MessageIds ids)
    {
        if (file.Status == PublicFileStatus.Found && file.Length <= Limits.MaxBytes)
        {
            try
            {
                using var content = await FileContent.ReadAsync(file);
                return await AnswerBufferAsync(content.Bytes, ids);
            }
            catch (IOException)
            {
                return TellFileError(Services.Texts.FileReadError("it cannot be read"), ids);
            }
        }

        return TellFileError(
            file.Status switch
            {
                PublicFileStatus.Found => Services.Texts.FileTooLarge,
                PublicFileStatus.Unreadable => Services.Texts.FileReadError(file.Reason!),
                _ => Services.Texts.FileNotFound,
            },
            ids);
    }

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

    void IInputHolder.EndInput(in InputEnd end)
    {
        var remoteIP = RemoteIP;
        try
        {
            // Before the peer can know of it.
            Services.InputEnds.Tell(Type, remoteIP, end);
        }
        finally
        {
            _ = EndAsync(end.Cause == InputEndCause.Stalled ? CloseReason.MessageTimeout : CloseReason.InputBudget, TimeSpan.Zero);
            _session.Abort();
        }
    }

    protected override Delivery Deliver(in OutboundEntry entry) => Send(entry.Message.For(Protocol.Format).Span);

    protected override Delivery Push(ReadOnlySpan<byte> message) => Send(message);

    protected override void SayWelcome()
    {
        // The library has shaken hands.
    }

    protected override async ValueTask SayGoodbyeAsync(CloseReason reason)
    {
        if (reason is CloseReason.ClientReset or CloseReason.SlowReader or CloseReason.Refused)
        {
            _session.Abort();
            return;
        }

        try
        {
            await _session.CloseAsync().AsTask().WaitAsync(Services.FarewellLimit, Services.Time);
        }
        catch (TimeoutException)
        {
            // The peer does not even read what was answered.
            _session.Abort();
        }
    }

    private Delivery Send(ReadOnlySpan<byte> json) => Watch(_session.SendJsonAsync(MessageType, json));

    // Ends when the bytes need not be kept any longer.
    private async ValueTask<bool> AnswerBufferAsync(ReadOnlyMemory<byte> bytes, MessageIds ids)
    {
        try
        {
            await (ids.Request is SockhopMessage { IsRequest: true } request ? request.ReplyAsync(bytes) : _session.SendBufferAsync(bytes));
            return true;
        }
        catch (SockhopException)
        {
            return false;
        }
    }

    private bool TellFileError(string error, in MessageIds ids)
    {
        Session.Tell(VerbReply.Failure(error), ids);
        return false;
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
            EndSlowReader(droppedMessages: 1);
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
