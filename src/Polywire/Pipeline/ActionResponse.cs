using System.Diagnostics.CodeAnalysis;

namespace Polywire.Pipeline;

/// <summary>The outcome of one run, for a door to send. Hand it to <see cref="ActionProcessor.EndAsync"/> when it has been written.</summary>
/// <param name="context">The run; its scope lives until the response has been ended, so that lazy answers can be written.</param>
/// <param name="connection">The connection that the request came over.</param>
/// <param name="action">What ran; null where nothing was found.</param>
/// <param name="error">Why it failed; null if it did not.</param>
/// <param name="timedOut">Whether the run goes on without anybody waiting, so that the context is not to be read.</param>
/// <param name="duration">From the request's arrival to the end of the run.</param>
[Experimental("PWX0001")]
public readonly struct ActionResponse(
    ActionContext context, Connection connection, ActionDescriptor? action, ActionError? error, bool timedOut, TimeSpan duration)
{
    /// <summary>The run; its scope lives until the response has been ended, so that lazy answers can be written.</summary>
    public ActionContext Context { get; } = context;

    /// <summary>The connection that the request came over.</summary>
    public Connection Connection { get; } = connection;

    /// <summary>What ran; null where nothing was found.</summary>
    public ActionDescriptor? Action { get; } = action;

    /// <summary>Why it failed; null if it did not.</summary>
    public ActionError? Error { get; } = error;

    /// <summary>Whether the run goes on without anybody waiting, so that the context is not to be read.</summary>
    public bool TimedOut { get; } = timedOut;

    /// <summary>From the request's arrival to the end of the run.</summary>
    public TimeSpan Duration { get; } = duration;

    /// <summary>What the action answered; null where it answered nothing or failed.</summary>
    public object? Result => TimedOut ? null : Context.Result;

    /// <summary>The keys that were set beside the answer; null where there are none.</summary>
    public IReadOnlyDictionary<string, object?>? Extra => TimedOut ? null : Context.Extra;

    /// <summary>Whether anything is to be sent.</summary>
    public bool ToRender => TimedOut || Context.ToRender;
}
