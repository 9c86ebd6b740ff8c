using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>Who takes what a <see cref="MessageReader"/> reads. Called by the reader's thread.</summary>
internal interface IMessageSink
{
    /// <summary>Whether anybody reads buffers as streams.</summary>
    bool TakesStreams { get; }

    /// <summary>Takes a message; it is good until this returns.</summary>
    void Take(in Frame frame);

    /// <summary>Makes the stream that a buffer's bytes go to as they come; null where nobody reads buffers of this type as streams.</summary>
    ArrivingBody? OpenBody(ReadOnlySpan<byte> type, long length);

    /// <summary>A message could not be read; what follows it can.</summary>
    void OnBadMessage(string code, string text);

    /// <summary>What comes cannot be read any more.</summary>
    void OnBroken(string code, string text);
}
