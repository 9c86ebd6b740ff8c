using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <content>Sending to all.</content>
public partial class SockhopServer<TSession>
{
    /// <summary>
    /// Sends a value, or bytes as a buffer, to every session in its own mode; where
    /// <see cref="SockhopServerOptions.RequireAuthentication"/> is on, to those whose user is known.
    /// </summary>
    /// <param name="value">Not null. Bytes must not change until the task has ended.</param>
    /// <param name="cancellationToken">Gives up waiting for room at those that are slow.</param>
    /// <returns>
    /// Ends when the message is in the queue of every session that can still be sent to; a slow one delays the others' messages not at all, and
    /// one that has ended is no error.
    /// </returns>
    /// <exception cref="SockhopException">The value is null or has no form on the wire.</exception>
    public Task BroadcastAsync<T>(T value, CancellationToken cancellationToken = default)
    {
        var writer = PayloadWriter.Rent();
        try
        {
            Outbound.ThrowIfNull(value);
            return BroadcastAsync(
                Outbound.TryBytes(value, out var bytes) ? Outbound.Frame(WireType.Buffer, bytes) : Outbound.Frame(_settings.Json, value, writer),
                cancellationToken);
        }
        catch (SockhopException exception)
        {
            return Task.FromException(exception);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    /// <summary>Sends a JSON value under a type name to every session in its own mode.</summary>
    /// <inheritdoc cref="BroadcastAsync{T}"/>
    public Task BroadcastAsync(string type, JsonElement value, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        var writer = PayloadWriter.Rent();
        try
        {
            SockhopTypeRegistry.ThrowIfReserved(type);
            return BroadcastAsync(Outbound.Frame(new WireType(type), value, writer), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return Task.FromException(exception);
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    private Task BroadcastAsync(scoped in OutboundFrame frame, CancellationToken cancellationToken)
    {
        List<Task>? waiting = null;
        SockhopException? refusal = null;
        foreach (var (_, session) in _sessions)
        {
            // One whose start hook is still asked, or that has not said who it is, is nobody's peer yet.
            if (!session.IsConnected || !session.IsAdmitted)
            {
                continue;
            }

            try
            {
                var sending = session.Current!.SendAsync(frame, cancellationToken);
                if (!sending.IsCompletedSuccessfully)
                {
                    (waiting ??= []).Add(IgnoreEndAsync(sending));
                }
            }
            catch (SockhopException exception) when (exception.Code == SockhopErrorCodes.SocketDestroyed)
            {
                // It ended a moment ago.
            }
            catch (SockhopException exception)
            {
                // One that cannot be told in this form keeps nothing from the others.
                refusal ??= exception;
            }
        }

        if (refusal is not null)
        {
            (waiting ??= []).Add(Task.FromException(refusal));
        }

        return waiting is null ? Task.CompletedTask : Task.WhenAll(waiting);
    }

    private static async Task IgnoreEndAsync(ValueTask sending)
    {
        try
        {
            await sending.ConfigureAwait(false);
        }
        catch (SockhopException exception) when (exception.Code == SockhopErrorCodes.SocketDestroyed)
        {
            // It ended while it waited.
        }
    }
}
