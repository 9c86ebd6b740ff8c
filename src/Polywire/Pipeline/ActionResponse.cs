namespace Polywire.Pipeline;

/// <summary>What a transport gets to send for one run. End it when it has been written.</summary>
/// <param name="Context">The run; its scope lives until the response has been ended, so that lazy answers can be written.</param>
/// <param name="Connection">Who asked.</param>
/// <param name="Action">What ran; null where nothing was found.</param>
/// <param name="Error">Why it failed; null if it did not.</param>
/// <param name="TimedOut">Whether the run goes on without anybody waiting, so that the context is not to be read.</param>
/// <param name="Duration">From the request's arrival to the end of the run.</param>
internal readonly record struct ActionResponse(
    ActionContext Context, Connection Connection, ActionDescriptor? Action, ActionError? Error, bool TimedOut, TimeSpan Duration)
{
    public object? Result => TimedOut ? null : Context.Result;

    public IReadOnlyDictionary<string, object?>? Extra => TimedOut ? null : Context.Extra;

    public bool ToRender => TimedOut || Context.ToRender;
}
