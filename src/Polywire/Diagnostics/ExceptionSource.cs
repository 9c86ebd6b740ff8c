namespace Polywire;

/// <summary>Where an exception came from that nobody expected.</summary>
public enum ExceptionSource
{
    /// <summary>The host could not start: an action, a room or a middleware is not in order.</summary>
    Startup,

    /// <summary>An action or a middleware around it, or the writing of its answer.</summary>
    Action,

    /// <summary>A verb of a persistent connection, a room's middleware included.</summary>
    Verb,

    /// <summary>A middleware that sees connections come and go.</summary>
    Connection,

    /// <summary>Work that nobody waited for, anywhere in the process.</summary>
    Uncaught,
}
