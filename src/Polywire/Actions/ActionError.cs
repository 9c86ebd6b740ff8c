namespace Polywire;

/// <summary>Why a run failed, as a transport tells it.</summary>
/// <param name="Status">The kind of failure; decides the web status.</param>
/// <param name="Message">The text that clients read.</param>
public sealed record ActionError(ActionStatus Status, string Message)
{
    /// <summary>Sent instead of the message where it is not <see langword="null"/>: any value that serialises to JSON.</summary>
    /// <remarks>Source: docs/protocol/errors.md, "Error values".</remarks>
    public object? Value { get; init; }

    /// <summary>The exception behind it; logged, never sent.</summary>
    public Exception? Exception { get; init; }

    /// <summary>Whether it is a fault of the application and no refusal: something that is no <see cref="ActionException"/> was thrown.</summary>
    internal bool IsFault => Status == ActionStatus.GenericError && Exception is not (null or ActionException);
}
