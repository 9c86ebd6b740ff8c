namespace Polywire.Sockhop;

/// <summary>Something that the protocol has a code for went wrong.</summary>
public sealed class SockhopException : IOException
{
    /// <summary>Makes one with a code of <see cref="SockhopErrorCodes"/>.</summary>
    /// <param name="code">The code, <c>ERR_…</c>.</param>
    /// <param name="message">A sentence for people.</param>
    /// <param name="innerException">The cause, if there is one.</param>
    public SockhopException(string code, string message, Exception? innerException = null)
        : base(message, innerException)
    {
        Code = code;
    }

    /// <summary>One of <see cref="SockhopErrorCodes"/>.</summary>
    public string Code { get; }
}
