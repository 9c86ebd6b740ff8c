using Polywire.Sockhop.Bounds;

namespace Polywire.Sockhop.Peer;

/// <summary>Who is told when a <see cref="Reader"/> ends, and on whose account its input goes.</summary>
internal interface IReaderOwner : IInputHolder
{
    /// <summary>Nothing more comes; called once, by the reader's thread.</summary>
    /// <param name="error">What failed; null where the peer has ended.</param>
    void OnReadEnded(Exception? error);
}
