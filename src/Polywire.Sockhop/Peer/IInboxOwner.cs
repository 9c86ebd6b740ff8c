namespace Polywire.Sockhop.Peer;

/// <summary>The connection around an <see cref="Inbox"/>. Called without locks, by any thread.</summary>
internal interface IInboxOwner
{
    /// <summary>What runs does not get on: somebody else has to read, if the reader's thread is the one that runs.</summary>
    void OnStalled();

    /// <summary>What was sent meanwhile is to be written.</summary>
    void OnPassEnded();

    /// <summary>There is room again for what was received.</summary>
    void OnRoom();

    /// <summary>Less waits than before.</summary>
    void OnLessWaits();
}
