using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;

namespace Polywire.Sockhop;

/// <content>Requests.</content>
/// <remarks>
/// <para>
/// Every request ends once: with its reply; with <see cref="SockhopErrorCodes.ReplyTimeout"/>; with
/// <see cref="SockhopErrorCodes.SocketDestroyed"/> when the connection ends; or cancelled. A reply that comes later is ignored.
/// </para>
/// <para>
/// One that ends while it waits for room is not sent. One of a buffer that is written from where it lies ends no earlier than that is written.
/// </para>
/// <para>Code that waits goes on in the order of the replies, and what it then sends goes out together.</para>
/// </remarks>
public abstract partial class SockhopPeer
{
    /// <summary>Asks, and makes a value of the reply.</summary>
    /// <typeparam name="TReply">
    /// What the reply becomes: <c>byte[]</c> or memory for a buffer, <see cref="SockhopMessage"/> for anything. A class is null where the other side
    /// answers null or nothing; write <c>RequestAsync&lt;Job?&gt;</c> where it may.
    /// </typeparam>
    /// <param name="value">Not null; bytes are sent as a buffer.</param>
    /// <param name="timeout">How long to wait. Default <see cref="SockhopOptions.ReplyTimeout"/>; infinite to wait for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="SockhopException">No connection, no reply, no form on the wire, or the reply is of another form.</exception>
    public Task<TReply> RequestAsync<TReply>(object value, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RequestAsync<object, TReply>(value, timeout, cancellationToken);

    /// <summary>Asks, and returns the reply as it is.</summary>
    /// <inheritdoc cref="RequestAsync{TReply}(object, TimeSpan?, CancellationToken)"/>
    public Task<SockhopMessage> RequestAsync(object value, TimeSpan? timeout = null, CancellationToken cancellationToken = default) =>
        RequestAsync<object, SockhopMessage>(value, timeout, cancellationToken);

    /// <inheritdoc cref="RequestAsync{TReply}(object, TimeSpan?, CancellationToken)"/>
    /// <typeparam name="TRequest">What is asked; a value type is not boxed.</typeparam>
    /// <typeparam name="TReply">What the reply becomes.</typeparam>
    public Task<TReply> RequestAsync<TRequest, TReply>(TRequest value, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var connection = Require();
            return Outbound.RequestAsync<TRequest, TReply>(connection, value, Limit(connection, timeout), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return Task.FromException<TReply>(exception);
        }
    }

    /// <summary>Asks with a JSON value under a type name.</summary>
    /// <inheritdoc cref="RequestAsync{TReply}(object, TimeSpan?, CancellationToken)"/>
    public Task<SockhopMessage> RequestAsync(string type, JsonElement value, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(type);
        try
        {
            var connection = Require();
            return Outbound.RequestAsync<SockhopMessage>(connection, Named(type), value, Limit(connection, timeout), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return Task.FromException<SockhopMessage>(exception);
        }
    }

    /// <summary>Asks with a typed buffer.</summary>
    /// <inheritdoc cref="RequestAsync{TReply}(object, TimeSpan?, CancellationToken)"/>
    public Task<SockhopMessage> RequestTypedBufferAsync(
        string type, ReadOnlyMemory<byte> bytes, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        try
        {
            var connection = Require();
            return connection.RequestAsync<SockhopMessage>(
                Outbound.Frame(BufferType(connection, type), bytes), Limit(connection, timeout), cancellationToken);
        }
        catch (SockhopException exception)
        {
            return Task.FromException<SockhopMessage>(exception);
        }
    }

    private static TimeSpan? Limit(Connection connection, TimeSpan? timeout)
    {
        if (timeout == Timeout.InfiniteTimeSpan)
        {
            return null;
        }

        if (timeout is { } given)
        {
            OptionsCheck.Positive(given, nameof(timeout));
        }

        return timeout ?? connection.Settings.ReplyTimeout;
    }
}
