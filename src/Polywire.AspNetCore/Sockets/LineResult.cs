namespace Polywire.AspNetCore.Sockets;

/// <summary>What <see cref="LineReader.TryRead"/> found.</summary>
internal enum LineResult
{
    /// <summary>No whole line has arrived; everything there is has been looked at.</summary>
    NeedMore,

    /// <summary>A line that is not empty.</summary>
    Line,

    /// <summary>The end of a line over <see cref="LineRules.MaxDataLength"/>; the line itself is gone.</summary>
    TooLong,

    /// <summary>A line over <see cref="LineRules.MaxLineBytes"/> where no limit is set: the connection is to end.</summary>
    CeilingHit,
}
