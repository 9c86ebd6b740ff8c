namespace Polywire;

/// <summary>Why a run failed, as a transport tells it.</summary>
public sealed record ActionError
{
    /// <summary>The kind of failure; decides the web status.</summary>
    public required ActionStatus Status { get; init; }

    /// <summary>The text that clients read.</summary>
    public required string Message { get; init; }

    /// <summary>Sent instead of the message where it is not <see langword="null"/>: any value that serialises to JSON.</summary>
    /// <remarks>Source: docs/protocol/errors.md, "Error values".</remarks>
    public object? Value { get; init; }

    /// <summary>The exception behind it; logged, never sent.</summary>
    public Exception? Exception { get; init; }
}
