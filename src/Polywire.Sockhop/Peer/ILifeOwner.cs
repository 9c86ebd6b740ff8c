namespace Polywire.Sockhop.Peer;

/// <summary>The connection whose <see cref="Life"/> it is.</summary>
internal interface ILifeOwner
{
    /// <summary>Whether everything that was accepted is written; asked under the gate.</summary>
    bool IsAllWritten { get; }

    /// <summary>Whether the reader goes on.</summary>
    bool IsReading { get; }

    /// <summary>The end in order has begun, or is asked for again; called under the gate.</summary>
    void OnClosing();

    /// <summary>What was accepted is to be written, and <see cref="Life.Finish"/> called then.</summary>
    void WriteRest();

    /// <summary>It is closed; called once, before <see cref="Life.Closed"/> ends.</summary>
    /// <param name="error">What everything fails with that cannot be done any more.</param>
    void OnClosed(SockhopException error);

    /// <summary>Code of the application that waited for the end threw.</summary>
    void OnCallbackFailed(AggregateException exception);
}
