namespace Polywire.Sockhop.Peer;

/// <summary>Who is told what became of a <see cref="Writer"/>'s work. Called without the gate, by any thread.</summary>
internal interface IWriterOwner
{
    /// <summary>The connection is closing, and everything is written.</summary>
    void OnAllWritten();

    /// <summary>Something could not be written: the wire is of no use any more.</summary>
    void OnWriteFailed(Exception exception);
}
