namespace Polywire.Sockhop.Protocol;

/// <summary>Whether a message asks, answers or does neither; the order is that of the binary message ids.</summary>
internal enum FrameKind : byte
{
    Message,
    Request,
    Response,
}
