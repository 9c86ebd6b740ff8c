using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Files;
using Polywire.Json;
using Polywire.Outbound;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>What every persistent connection needs of the host: one object, so that a connection keeps one reference.</summary>
internal sealed class ConnectionServices(
    ActionProcessor processor,
    VerbDispatcher verbs,
    ConnectionLifetime lifetime,
    ResponseWriter responses,
    PublicFiles files,
    PolywireJson json,
    ErrorCatalog texts,
    PolywireMetrics metrics,
    TimeProvider time,
    ServerState state,
    InputBudget budget,
    InputEndLog inputEnds,
    IOptions<PolywireOptions> options,
    ILoggerFactory loggers)
{
    public ActionProcessor Processor { get; } = processor;

    public VerbDispatcher Verbs { get; } = verbs;

    public ConnectionLifetime Lifetime { get; } = lifetime;

    public ResponseWriter Responses { get; } = responses;

    public PublicFiles Files { get; } = files;

    public PolywireJson Json { get; } = json;

    public ErrorCatalog Texts { get; } = texts;

    public PolywireMetrics Metrics { get; } = metrics;

    public TimeProvider Time { get; } = time;

    public ServerState State { get; } = state;

    /// <summary>The account of what all peers together make the process hold.</summary>
    public InputBudget InputBudget { get; } = budget;

    public InputEndLog InputEnds { get; } = inputEnds;

    public OutboundLimits Limits { get; } = new(options.Value.MaxQueueLength, options.Value.MaxQueueMessages);

    /// <summary>How long an ending connection may take for its pending actions, and then again for its last bytes.</summary>
    public TimeSpan FarewellLimit { get; } = options.Value.PendingShutdownWaitLimit;

    public ILogger Logger { get; } = loggers.CreateLogger("Polywire.Connections");
}
