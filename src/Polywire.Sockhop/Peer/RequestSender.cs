using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>Sends requests on a connection, once more where an earlier one has lost them, and fails them at its end. Safe for any thread.</summary>
internal sealed class RequestSender(Connection connection, Writer writer, Inbox inbox)
{
    private RequestTable Table => connection.Requests;

    private bool KeepsRequests => connection.Settings.KeepRequests;

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
        if (KeepsRequests)
        {
            request.Kept = Keep(frame);
            request.SentOn = connection;
        }

        Table.Add(request, timeout);
        Span<byte> id = stackalloc byte[RequestIds.Length];
        Table.WriteId(request, id);
        scoped var whole = frame;
        whole.Kind = FrameKind.Request;
        whole.Id = id;
        ValueTask sending;
        try
        {
            sending = writer.Enqueue(whole, out var held);
            if (held is not null)
            {
                sending = new ValueTask(held.WaitAsync(request));
            }
        }
        catch (SockhopException) when (KeepsRequests && !connection.IsOpen)
        {
            connection.Owner.OnUnsent(request);
            sending = default;
        }
        catch
        {
            Table.TryRemove(request);
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
            if (request.Kept is not { } kept || !request.ClaimFor(connection))
            {
                continue;
            }

            Table.WriteId(request, id);
            try
            {
                var frame = new OutboundFrame { Kind = FrameKind.Request, Type = kept.Type, IsBytes = kept.IsBytes, Data = kept.Data, Id = id };
                var sending = writer.Enqueue(frame, out var held);
                Forget(held is null ? sending : new ValueTask(held.WaitAsync(request)));
            }
            catch (SockhopException exception) when (connection.IsOpen)
            {
                if (Table.TryRemove(request))
                {
                    request.SetError(exception);
                    inbox.Post(request);
                    inbox.DrainSoon();
                }
            }
            catch (SockhopException)
            {
                // Gone again: the next connection sends it.
                return;
            }
        }
    }

    // The sender's memory is free again only when it is written, so neither may end before the other. A request that has ended waits for no
    // room: its sending ends then too.
    private async Task<T> AwaitBothAsync<T>(ValueTask sending, PendingReply<T> request)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch when (!KeepsRequests || connection.IsOpen)
        {
            if (Table.TryRemove(request))
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
    private static void Forget(ValueTask sending)
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

    /// <summary>Fails everything that waits, unless it is kept: then the owner decides.</summary>
    public void FailAll(SockhopException error)
    {
        if (KeepsRequests)
        {
            return;
        }

        foreach (var request in Table.TakeAll())
        {
            request.SetError(error);
            inbox.Post(request);
        }

        Table.Dispose();
    }
}
