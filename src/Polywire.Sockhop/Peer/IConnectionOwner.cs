using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>The client or session of a connection. Events come in order, one at a time, and must not throw.</summary>
internal interface IConnectionOwner
{
    /// <summary>Makes the work of a message or request that was read; null where nobody takes it. Called by the reader.</summary>
    WorkItem? Accept(Connection connection, in Frame frame);

    /// <summary>Whether anybody reads buffers as streams.</summary>
    bool TakesStreams { get; }

    /// <summary>Who reads messages of a type's buffers as streams; null where nobody does. Called by the reader.</summary>
    StreamHandler? FindStreamHandler(ReadOnlySpan<byte> type);

    void OnConnected(Connection connection);

    void OnHandshake(Connection connection, SockhopHandshakeResult result);

    void OnBinaryModeChanged(Connection connection, SockhopBinaryModeChange change);

    void OnError(Connection connection, SockhopException error);

    /// <summary>A handler threw; by the thread that ran it.</summary>
    void OnHandlerFailed(Connection connection, Exception exception);

    /// <summary>The connection is no longer usable; called once, before the events of the end, by any thread.</summary>
    void OnClosing(Connection connection);

    void OnDisconnected(Connection connection, SockhopDisconnect end);

    /// <summary>A request that is kept found its connection ended: the next one sends it, or nobody will, and it fails.</summary>
    void OnUnsent(PendingRequest request);
}
