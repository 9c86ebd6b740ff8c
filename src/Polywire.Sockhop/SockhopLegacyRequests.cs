using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Legacy;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <summary>The requests of versions 1.8 and 1.9, which are answered with any number of values.</summary>
/// <remarks>
/// <para>
/// On the wire they are messages of the types <c>SockhopRequest</c> and <c>SockhopResponsePacket</c>; version 2 has no notion of them. One
/// helper takes both for a client or server, whose other handlers get everything else. Values only: a buffer cannot be asked or answered with.
/// </para>
/// <para>
/// Handlers of one peer run beside each other, up to 100; one more waits, and the peer's messages with it. What they throw goes to
/// <c>HandlerFailed</c> and answers nothing: the other side sees its timeout. Safe for any thread.
/// </para>
/// </remarks>
public sealed class SockhopLegacyRequests
{
    private static readonly TimeSpan UsualTimeout = TimeSpan.FromSeconds(30);

    private readonly ConnectionSettings _settings;
    private readonly ConcurrentDictionary<string, Func<LegacyRequest, SockhopPeer, CancellationToken, Task>> _handlers = new(StringComparer.Ordinal);
    private readonly ConditionalWeakTable<SockhopPeer, LegacyExchange> _exchanges = [];

    private SockhopLegacyRequests(ConnectionSettings settings, HandlerTable handlers)
    {
        _settings = settings;
        handlers.AddMessage(LegacyResponsePacket.WireName, new LegacyPacketHandler(ExchangeOf));
    }

    /// <summary>Lets a client ask and answer such requests.</summary>
    /// <exception cref="InvalidOperationException">It has a handler for one of the two types.</exception>
    public static SockhopLegacyRequests AddTo(SockhopClient client)
    {
        ArgumentNullException.ThrowIfNull(client);
        var requests = new SockhopLegacyRequests(client.Settings, client.Handlers);
        client.Disconnected += (peer, _) => requests.End(peer);
        client.On<LegacyRequest>((request, peer, ended) => requests.TakeAsync(request, peer, ended));
        return requests;
    }

    /// <summary>Lets a server ask and answer such requests.</summary>
    /// <exception cref="InvalidOperationException">It has a handler for one of the two types.</exception>
    public static SockhopLegacyRequests AddTo<TSession>(SockhopServer<TSession> server)
        where TSession : SockhopSession
    {
        ArgumentNullException.ThrowIfNull(server);
        var requests = new SockhopLegacyRequests(server.Settings, server.Handlers);
        server.Disconnected += (session, _) => requests.End(session);
        server.On<LegacyRequest>((request, session, ended) => requests.TakeAsync(request, session, ended));
        return requests;
    }

    /// <summary>Takes requests of a type and answers each with the values that the handler makes, as it makes them.</summary>
    /// <typeparam name="T">Its name on the wire is looked up in <see cref="SockhopOptions.Types"/>.</typeparam>
    /// <typeparam name="TReply">What it is answered with; not null.</typeparam>
    /// <param name="handler">The token is cancelled when the connection ends.</param>
    /// <exception cref="InvalidOperationException">There is a handler for the type.</exception>
    public void OnRequest<T, TReply>(Func<T, SockhopPeer, CancellationToken, IAsyncEnumerable<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(async (request, peer, ended) =>
        {
            await foreach (var value in handler(Read<T>(request.Data), peer, ended).WithCancellation(ended).ConfigureAwait(false))
            {
                await AnswerAsync(request, peer, value, isLast: false, ended).ConfigureAwait(false);
            }

            await peer.SendAsync(LegacyResponsePacket.BareEnd(request.Uuid!), ended).ConfigureAwait(false);
        });
    }

    /// <summary>Takes requests of a type and answers each with one value.</summary>
    /// <inheritdoc cref="OnRequest{T, TReply}(Func{T, SockhopPeer, CancellationToken, IAsyncEnumerable{TReply}})"/>
    public void OnRequest<T, TReply>(Func<T, SockhopPeer, CancellationToken, ValueTask<TReply>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Add<T>(async (request, peer, ended) =>
        {
            var value = await handler(Read<T>(request.Data), peer, ended).ConfigureAwait(false);
            await AnswerAsync(request, peer, value, isLast: true, ended).ConfigureAwait(false);
        });
    }

    /// <summary>Asks, each time the result is enumerated, and gives the values of the response as they come.</summary>
    /// <remarks>
    /// A response may be left before its end. Values that wait to be read may have <see cref="SockhopOptions.ReceiveQueueLimit"/> bytes. The end
    /// that 1.8 sends by itself, an empty object, is no value.
    /// </remarks>
    /// <typeparam name="TReply">What each value becomes; <see cref="JsonElement"/> for anything.</typeparam>
    /// <param name="peer">The client, or a session of the server.</param>
    /// <param name="value">Not null.</param>
    /// <param name="timeout">How long the whole response may take. Default 30 seconds; infinite to wait for ever.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="SockhopException">
    /// No connection, or it ended; no end of the response in time (<see cref="SockhopErrorCodes.ResponseTimeout"/>); too much of it waits.
    /// </exception>
    /// <exception cref="JsonException">A value has another form.</exception>
    public IAsyncEnumerable<TReply> RequestAsync<TReply>(
        SockhopPeer peer, object value, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(peer);
        var limit = timeout ?? UsualTimeout;
        if (limit != Timeout.InfiniteTimeSpan)
        {
            OptionsCheck.Positive(limit, nameof(timeout));
        }

        return AskAsync<TReply>(peer, value, limit, cancellationToken);
    }

    private async IAsyncEnumerable<TReply> AskAsync<TReply>(
        SockhopPeer peer, object value, TimeSpan timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (type, data) = Describe(value);
        var exchange = ExchangeOf(peer);
        using var limit = new CancellationTokenSource(timeout, _settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var response = exchange.Ask();
        try
        {
            await peer.SendAsync(new LegacyRequest(response.Uuid, data, type), cancellationToken).ConfigureAwait(false);
            while (true)
            {
                LegacyResponsePacket packet;
                try
                {
                    packet = await response.NextAsync(either.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
                {
                    throw new SockhopException(SockhopErrorCodes.ResponseTimeout, $"The response had not ended after {timeout}.");
                }

                if (!packet.IsBareEnd)
                {
                    yield return Read<TReply>(packet.Data);
                }

                if (packet.Last)
                {
                    yield break;
                }
            }
        }
        finally
        {
            exchange.Forget(response);
        }
    }

    private async ValueTask TakeAsync(LegacyRequest request, SockhopPeer peer, CancellationToken ended)
    {
        if (request.Uuid is null || !_handlers.TryGetValue(NameOf(request), out var handler))
        {
            SockhopTelemetry.Dropped.Count();
            return;
        }

        await ExchangeOf(peer).BeginAnswerAsync(ended).ConfigureAwait(false);
        _ = RunAsync(handler, request, peer, ended);
    }

    private async Task RunAsync(
        Func<LegacyRequest, SockhopPeer, CancellationToken, Task> handler, LegacyRequest request, SockhopPeer peer, CancellationToken ended)
    {
        try
        {
            await handler(request, peer, ended).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // One that the end of its connection interrupts has not failed.
            if (!ended.IsCancellationRequested || exception is not (OperationCanceledException or SockhopException { Code: SockhopErrorCodes.SocketDestroyed }))
            {
                peer.ReportFailure(exception);
            }
        }
        finally
        {
            ExchangeOf(peer).EndAnswer();
        }
    }

    private ValueTask AnswerAsync<T>(LegacyRequest request, SockhopPeer peer, T value, bool isLast, CancellationToken ended)
    {
        var (type, data) = Describe(value);
        return peer.SendAsync(new LegacyResponsePacket(request.Uuid, type, data, isLast), ended);
    }

    private (string Type, JsonElement Data) Describe<T>(T value)
    {
        Outbound.ThrowIfNull(value);
        if (Outbound.TryBytes(value, out _))
        {
            throw new SockhopException(SockhopErrorCodes.SerializeFailed, "A buffer has no form in requests of version 1.8.");
        }

        var writer = PayloadWriter.Rent();
        try
        {
            var type = _settings.Json.Write(value, writer);
            return (type.Name, JsonElement.Parse(writer.Written, new JsonDocumentOptions { MaxDepth = _settings.Json.MaxDepth }));
        }
        finally
        {
            PayloadWriter.Return(writer);
        }
    }

    private static string NameOf(LegacyRequest request) =>
        request.Type is { Length: > 0 } name ? name
        : WireType.OfJson(request.Data.ValueKind == JsonValueKind.Undefined ? default : JsonMarshal.GetRawUtf8Value(request.Data)).Name;

    private T Read<T>(JsonElement data) => data.ValueKind == JsonValueKind.Undefined ? default! : data.Deserialize(_settings.Json.GetTypeInfo<T>())!;

    private void Add<T>(Func<LegacyRequest, SockhopPeer, CancellationToken, Task> handler)
    {
        var name = _settings.Json.NameOf(typeof(T));
        if (!_handlers.TryAdd(name, handler))
        {
            throw new InvalidOperationException($"There is a handler for requests of type '{name}' already.");
        }
    }

    private void End(SockhopPeer peer) =>
        ExchangeOf(peer).FailAll(new SockhopException(SockhopErrorCodes.SocketDestroyed, "The connection ended before the response did."));

    private LegacyExchange ExchangeOf(SockhopPeer peer) => _exchanges.GetValue(peer, _ => new LegacyExchange(_settings));
}
