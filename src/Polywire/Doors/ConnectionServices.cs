using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Bounds;
using Polywire.Diagnostics;
using Polywire.Files;
using Polywire.Json;
using Polywire.Outbound;
using Polywire.Pipeline;

namespace Polywire.Doors;

/// <summary>What every persistent connection needs of the host; a singleton of the container. One object, so that a connection keeps one reference.</summary>
[Experimental("PWX0001")]
public sealed class ConnectionServices
{

    internal ConnectionServices(
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
        Processor = processor;
        Verbs = verbs;
        Lifetime = lifetime;
        Responses = responses;
        Files = files;
        Json = json;
        Texts = texts;
        Metrics = metrics;
        Time = time;
        State = state;
        InputBudget = budget;
        InputEnds = inputEnds;
        Limits = new(options.Value.MaxQueueLength, options.Value.MaxQueueMessages);
        FarewellLimit = options.Value.PendingShutdownWaitLimit;
        Logger = loggers.CreateLogger("Polywire.Connections");
    }

    /// <summary>Runs actions.</summary>
    public ActionProcessor Processor { get; }

    /// <summary>Runs verbs.</summary>
    public VerbDispatcher Verbs { get; }

    /// <summary>Lets connections in, and takes them out of everything.</summary>
    public ConnectionLifetime Lifetime { get; }

    /// <summary>Writes what the answers of all actions begin with.</summary>
    public ResponseWriter Responses { get; }

    /// <summary>The public folders.</summary>
    public PublicFiles Files { get; }

    /// <summary>The JSON options of the application.</summary>
    public PolywireJson Json { get; }

    /// <summary>The texts of errors that clients see.</summary>
    public ErrorCatalog Texts { get; }

    internal PolywireMetrics Metrics { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Tells whether the host stops.</summary>
    public ServerState State { get; }

    /// <summary>The account of what all peers together make the process hold.</summary>
    public InputBudget InputBudget { get; }

    /// <summary>Tells operators of connections that were ended for what they held.</summary>
    public InputEndLog InputEnds { get; }

    /// <summary>How much may wait for one connection, unless its door has limits of its own.</summary>
    public OutboundLimits Limits { get; }

    /// <summary>How long an ending connection may take for its pending actions, and then again for its last bytes.</summary>
    public TimeSpan FarewellLimit { get; }

    /// <summary>The log of connections.</summary>
    public ILogger Logger { get; }
}
