namespace Polywire;

/// <summary>Why a connection ended.</summary>
public enum CloseReason
{
    /// <summary>The client said goodbye or ended its side.</summary>
    ClientClosed,

    /// <summary>The client went away without a word.</summary>
    ClientReset,

    /// <summary>The application closed it.</summary>
    ServerClosed,

    /// <summary>The host stops.</summary>
    ServerStopping,

    /// <summary>The client did not read and its queue was full.</summary>
    SlowReader,

    /// <summary>The client broke the protocol beyond what it forgives.</summary>
    ProtocolError,

    /// <summary>A connection middleware refused it.</summary>
    Refused,

    /// <summary>The client gave no sign of life for two heartbeats.</summary>
    HeartbeatTimeout,

    /// <summary>It held more unfinished input than any other when <see cref="PolywireOptions.MaxBufferedInput"/> was used up.</summary>
    InputBudget,

    /// <summary>The client began a message and did not go on with it (<see cref="PolywireOptions.MessageTimeout"/>).</summary>
    MessageTimeout,
}
