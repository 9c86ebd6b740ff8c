using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Connections;

/// <content>Requests to the peer, and replies to it.</content>
internal sealed partial class Connection
{
    public RequestTable Requests { get; }

    /// <summary>Sends a request.</summary>
    public Task<T> RequestAsync<T>(scoped in OutboundFrame frame, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (!RequestTrace.IsWanted)
        {
            return AskAsync<T>(frame, timeout, cancellationToken);
        }

        var activity = RequestTrace.BeginAsking(frame.Type.Name);
        try
        {
            return RequestTrace.EndAsync(activity, AskAsync<T>(frame, timeout, cancellationToken));
        }
        catch (SockhopException exception)
        {
            return RequestTrace.EndAsync(activity, Task.FromException<T>(exception));
        }
    }

    private Task<T> AskAsync<T>(scoped in OutboundFrame frame, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var request = new PendingReply<T>();
        if (_settings.KeepRequests)
        {
            request.Kept = Keep(frame);
            request.SentOn = this;
        }

        Requests.Add(request, timeout);
        Span<byte> id = stackalloc byte[RequestIds.Length];
        Requests.WriteId(request, id);
        scoped var whole = frame;
        whole.Kind = FrameKind.Request;
        whole.Id = id;
        ValueTask sending;
        try
        {
            sending = Enqueue(whole, out var held);
            if (held is not null)
            {
                sending = new ValueTask(WaitForRoomAsync(held, request));
            }
        }
        catch (SockhopException) when (_settings.KeepRequests && !IsOpen)
        {
            Owner.OnUnsent(request);
            sending = default;
        }
        catch
        {
            Requests.TryRemove(request);
            throw;
        }

        request.CancelWith(cancellationToken);
        return sending.IsCompletedSuccessfully ? request.Task : AwaitBothAsync(sending, request);
    }

    /// <summary>What has to be known to send a request again.</summary>
    private static KeptRequest Keep(in OutboundFrame frame) =>
        new(frame.Type, frame.IsBytes, frame.Bytes.IsEmpty ? frame.Data.ToArray() : frame.Bytes.ToArray());

    /// <summary>Sends the requests again that waited for this connection.</summary>
    public void Resend(IEnumerable<PendingRequest> requests)
    {
        Span<byte> id = stackalloc byte[RequestIds.Length];
        foreach (var request in requests)
        {
            if (request.Kept is not { } kept || !request.ClaimFor(this))
            {
                continue;
            }

            Requests.WriteId(request, id);
            try
            {
                var frame = new OutboundFrame { Kind = FrameKind.Request, Type = kept.Type, IsBytes = kept.IsBytes, Data = kept.Data, Id = id };
                var sending = Enqueue(frame, out var held);
                Forget(held is null ? sending : new ValueTask(WaitForRoomAsync(held, request)));
            }
            catch (SockhopException exception) when (IsOpen)
            {
                if (Requests.TryRemove(request))
                {
                    request.SetError(exception);
                    _inbox.Post(request);
                    _inbox.DrainSoon();
                }
            }
            catch (SockhopException)
            {
                // Gone again: the next connection sends it.
                return;
            }
        }
    }

    /// <summary>Sends a reply.</summary>
    public ValueTask ReplyAsync(in CallbackId id, scoped in OutboundFrame frame, CancellationToken cancellationToken)
    {
        var whole = frame;
        whole.Kind = FrameKind.Response;
        whole.Id = id.Value;
        whole.IdIsJson = id.IsJson;
        return SendAsync(whole, cancellationToken);
    }

    // The sender's memory is free again only when it is written, so neither may end before the other. A request that has ended waits for no
    // room: its sending ends then too.
    private async Task<T> AwaitBothAsync<T>(ValueTask sending, PendingReply<T> request)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch when (!_settings.KeepRequests || IsOpen)
        {
            if (Requests.TryRemove(request))
            {
                throw;
            }
        }
        catch (Exception exception) when (exception is SockhopException or OperationCanceledException)
        {
            // Lost while it was written, and sent again on the next connection; or ended meanwhile, and tells of it itself.
        }

        return await request.Task.ConfigureAwait(false);
    }

    /// <summary>Leaves a message to the queue; that it cannot be sent is told by the end of the connection.</summary>
    public static void Forget(ValueTask sending)
    {
        if (!sending.IsCompletedSuccessfully)
        {
            _ = IgnoreAsync(sending);
        }
    }

    private static async Task IgnoreAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SockhopException or OperationCanceledException)
        {
            // Told by the end of the connection, or of the request that it was.
        }
    }

    private void FailRequests(SockhopException error)
    {
        if (_settings.KeepRequests)
        {
            // The owner decides.
            return;
        }

        foreach (var request in Requests.TakeAll())
        {
            request.SetError(error);
            _inbox.Post(request);
        }

        Requests.Dispose();
    }
}
