namespace Polywire.Sockhop;

/// <summary>Told of an event of a client or session, in order with its messages. It must not block.</summary>
/// <param name="peer">The client or the session.</param>
/// <param name="value">What happened.</param>
public delegate void SockhopEventHandler<in TPeer, in T>(TPeer peer, T value);

/// <summary>Told of an event of a client or session, in order with its messages. It must not block.</summary>
/// <param name="peer">The client or the session.</param>
public delegate void SockhopEventHandler<in TPeer>(TPeer peer);
