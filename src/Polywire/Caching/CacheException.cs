using Polywire.Caching;

namespace Polywire;

/// <summary>The cache could not do what it was asked; the message is the text that a client may see.</summary>
/// <remarks>Source: core.md K-2 to K-4 and 5.2.</remarks>
public sealed class CacheException : ActionException
{
    /// <summary>Makes the exception of one failure, with its text as the message.</summary>
    /// <param name="failure">What went wrong.</param>
    public CacheException(CacheFailure failure)
        : base(CacheTexts.Of(failure))
    {
        Failure = failure;
    }

    /// <summary>What went wrong.</summary>
    public CacheFailure Failure { get; }
}
