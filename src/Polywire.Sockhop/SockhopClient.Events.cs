using System.Runtime.CompilerServices;
using Polywire.Sockhop.Peer;
using Polywire.Sockhop.Handlers;

namespace Polywire.Sockhop;

/// <content>Events.</content>
public sealed partial class SockhopClient
{
    private UnreadMessages? _unread;

    /// <summary>There is a connection; its handshake is going on.</summary>
    public event SockhopEventHandler<SockhopClient>? Connected;

    /// <summary>The handshake has ended.</summary>
    public event SockhopEventHandler<SockhopClient, SockhopHandshakeResult>? HandshakeCompleted;

    /// <summary>A connection that had shaken hands has ended; after <see cref="Disconnected"/>.</summary>
    public event SockhopEventHandler<SockhopClient>? HandshakeLost;

    /// <summary>The connection has ended.</summary>
    public event SockhopEventHandler<SockhopClient, SockhopDisconnect>? Disconnected;

    /// <summary>A direction has entered binary mode, or left it with the end of the connection.</summary>
    public event SockhopEventHandler<SockhopClient, SockhopBinaryModeChange>? BinaryModeChanged;

    /// <summary>Something was received that cannot be read.</summary>
    public event SockhopEventHandler<SockhopClient, SockhopException>? ProtocolError;

    /// <summary>A handler or event handler threw; by the thread that ran it.</summary>
    public event SockhopEventHandler<SockhopClient, Exception>? HandlerFailed;

    /// <summary>An attempt to connect again has failed; the next one follows.</summary>
    public event SockhopEventHandler<SockhopClient, Exception>? ReconnectFailed;

    /// <summary>Reads every message that no handler takes, until the client is disposed. For one reader.</summary>
    /// <remarks>
    /// Messages wait for their reader up to <see cref="SockhopOptions.ReceiveQueueLimit"/>, and then the server for this client: whoever
    /// begins to read and also asks must go on reading. What waits when a connection ends can still be read, the latest of it up to that bound.
    /// </remarks>
    /// <exception cref="InvalidOperationException">There is a handler for all other messages.</exception>
    public async IAsyncEnumerable<SockhopMessage> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_unread is null)
        {
            var unread = new UnreadMessages(_settings.ReceiveQueueLimit);
            OnMessage((message, _, ended) => unread.AddAsync(message, ended));
            _unread = unread;
            if (IsDisposed)
            {
                unread.Complete();
            }
        }

        await foreach (var message in _unread.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return message;
        }
    }

    private void CompleteReading() => _unread?.Complete();

    private protected override void OnConnected(Connection connection)
    {
        Tell(this, static client => client.Connected?.Invoke(client));
        if (connection.IsInitialized)
        {
            Resend(connection);
        }
    }

    private protected override void OnHandshake(Connection connection, SockhopHandshakeResult result)
    {
        Tell(this, client => client.HandshakeCompleted?.Invoke(client, result));
        if (MaySendOn(connection))
        {
            Resend(connection);
        }
    }

    private protected override void OnBinaryMode(SockhopBinaryModeChange change) => Tell(this, client => client.BinaryModeChanged?.Invoke(client, change));

    private protected override void OnProtocolError(SockhopException error) => Tell(this, client => client.ProtocolError?.Invoke(client, error));

    // Where the handler for failures fails, there is nobody left to tell.
    private protected override void OnHandlerFailed(Exception exception) =>
        EventScope.Run(exception, exception => HandlerFailed?.Invoke(this, exception), static _ => { });

    private protected override void OnClosing(Connection connection)
    {
        if (Volatile.Read(ref _keeping) is null)
        {
            FailRequests();
        }
    }

    private protected override void OnDisconnected(Connection connection, SockhopDisconnect end)
    {
        Tell(this, client => client.Disconnected?.Invoke(client, end));
        if (end.WasHandshaked)
        {
            Tell(this, static client => client.HandshakeLost?.Invoke(client));
        }
    }

    private void Resend(Connection connection)
    {
        if (_settings.KeepRequests)
        {
            connection.Resend(_requests.Snapshot());
        }
    }
}
