using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Peer;

/// <summary>A request's content.</summary>
internal sealed record KeptRequest(WireType Type, bool IsBytes, byte[] Data);
