using System.Text.Json.Serialization;

namespace Polywire.AspNetCore.LiveView;

/// <summary>What a page is told at each interval, of this node.</summary>
/// <param name="At">Milliseconds since the epoch.</param>
/// <param name="Server">The server's name.</param>
/// <param name="Transports">Every transport that has connections or ran actions.</param>
/// <param name="Connections">The first rows, the longest queues first.</param>
/// <param name="ConnectionsTotal">How many there are.</param>
/// <param name="Rooms">The first rows, the largest rooms first.</param>
/// <param name="RoomsTotal">How many there are.</param>
/// <param name="Actions">The first rows, the busiest first.</param>
/// <param name="ActionsTotal">How many actions ran in the interval.</param>
/// <param name="DroppedMessages">Messages that never left a queue, since the start.</param>
/// <param name="SlowReaders">Connections reset because their queue was full, since the start.</param>
internal sealed record LiveSnapshot(
    long At,
    string Server,
    IReadOnlyList<LiveTransport> Transports,
    IReadOnlyList<LiveConnection> Connections,
    int ConnectionsTotal,
    IReadOnlyList<LiveRoom> Rooms,
    int RoomsTotal,
    IReadOnlyList<LiveAction> Actions,
    int ActionsTotal,
    long DroppedMessages,
    long SlowReaders)
{
    /// <summary>What kind of message this is: the event by which the page's client tells it.</summary>
    public string Context { get; } = "polywire:live";
}

/// <summary>One transport: how many are connected, what waits for them, and actions per second.</summary>
internal sealed record LiveTransport(string Type, int Connections, long QueuedBytes, long QueuedMessages, double PerSecond);

/// <summary>One connection; times are milliseconds since the epoch.</summary>
internal sealed record LiveConnection(
    string Id, string Type, string RemoteIP, long ConnectedAt, int Rooms, int PendingActions, long TotalActions, long QueuedBytes, int QueuedMessages);

/// <summary>One room, and how many of its members are connected to this node.</summary>
internal sealed record LiveRoom(string Name, int Members);

/// <summary>One action over the last interval, on all transports; latencies in milliseconds.</summary>
internal sealed record LiveAction(string Name, int Runs, double PerSecond, int Errors, double P50, double P99, double Max);

[JsonSerializable(typeof(LiveSnapshot))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class LiveJson : JsonSerializerContext;
