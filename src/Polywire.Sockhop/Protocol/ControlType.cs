namespace Polywire.Sockhop.Protocol;

/// <summary>The messages that the protocol keeps to itself.</summary>
internal enum ControlType : byte
{
    None,
    Handshake,
    Transition,
    Ping,
    Pong,
}
