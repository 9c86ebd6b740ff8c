namespace Polywire;

/// <summary>The one exception whose message clients always get to read.</summary>
/// <remarks>Any other exception is answered <c>internal error</c> outside Development.</remarks>
public class ActionException : Exception
{
    /// <summary>Makes one with the text that clients read.</summary>
    public ActionException(string message)
        : base(message)
    {
    }

    /// <summary>Makes one with the text that clients read and the cause, which is logged and not sent.</summary>
    public ActionException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes one without words of its own: the text is that of <see cref="Status"/>.</summary>
    public ActionException()
        : base(string.Empty)
    {
    }

    /// <summary>The kind of failure; <see cref="ActionStatus.GenericError"/> by default.</summary>
    public ActionStatus Status { get; init; } = ActionStatus.GenericError;

    /// <summary>Sent as the error instead of the message where it is not <see langword="null"/>: any value that serialises to JSON.</summary>
    public object? Value { get; init; }
}
