namespace Polywire;

/// <summary>The cache could not do what it was asked.</summary>
/// <remarks>
/// The message is in the words of <see cref="ErrorCatalog"/> itself. Where an action does not catch it, clients read those of the
/// application's catalogue. Source: core.md K-2 to K-4 and 5.2.
/// </remarks>
public sealed class CacheException : ActionException
{
    private static readonly ErrorCatalog Texts = new();

    /// <summary>Makes the exception of one failure, with its text as the message.</summary>
    /// <param name="failure">What went wrong.</param>
    public CacheException(CacheFailure failure)
        : this(failure, null)
    {
    }

    /// <summary>Makes the exception of one failure, with its text as the message.</summary>
    /// <param name="failure">What went wrong. <see cref="CacheFailure.Unavailable"/> has the status <see cref="ActionStatus.ClusterNotReachable"/>.</param>
    /// <param name="innerException">The cause, which is logged and not sent.</param>
    public CacheException(CacheFailure failure, Exception? innerException)
        : base(Texts.ForCache(failure), innerException)
    {
        Failure = failure;
        if (failure == CacheFailure.Unavailable)
        {
            Status = ActionStatus.ClusterNotReachable;
        }
    }

    /// <summary>What went wrong.</summary>
    public CacheFailure Failure { get; }
}
