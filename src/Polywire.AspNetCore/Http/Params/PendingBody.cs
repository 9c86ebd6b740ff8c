namespace Polywire.AspNetCore.Http.Params;

/// <summary>A body of which the files have not been read, because it is not known yet whether an action takes them.</summary>
/// <remarks>One reader; dispose it when the request ends.</remarks>
internal abstract class PendingBody : IDisposable
{
    /// <summary>Reads to the end of the body.</summary>
    /// <param name="takes">Whose files are stored; others are passed over.</param>
    /// <param name="spool">Takes them.</param>
    /// <param name="cancellationToken">Fires when the client goes away.</param>
    public abstract ValueTask<HttpBodyProblem> ReadRestAsync(UploadTakes takes, UploadSpool spool, CancellationToken cancellationToken);

    /// <summary>Adds what was read: the files, then the fields.</summary>
    public abstract void AddTo(HttpParams received);

    public virtual void Dispose()
    {
    }
}
