using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What the nodes of a cluster share cannot be reached, or did not answer in time. What was asked may have been carried out all the same.</summary>
/// <remarks>
/// Thrown by implementations of <see cref="IRoomStore"/>, <see cref="IRoomLog"/> and <see cref="IBackplane"/>; <c>ICacheStore</c> throws a
/// <see cref="CacheException"/> instead. Clients read <see cref="ErrorCatalog.ClusterNotReachable"/>, on the web with status 503.
/// </remarks>
[Experimental("PWX0002")]
public sealed class ClusterNotReachableException : ActionException
{
    /// <summary>Makes one.</summary>
    /// <param name="innerException">The cause, which is logged and not sent; <see langword="null"/> where there is none.</param>
    public ClusterNotReachableException(Exception? innerException = null)
        : base(new ErrorCatalog().ClusterNotReachable, innerException)
    {
        Status = ActionStatus.ClusterNotReachable;
    }
}
