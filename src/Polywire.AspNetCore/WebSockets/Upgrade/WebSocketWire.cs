using System.IO.Pipelines;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>The transport behind an upgrade.</summary>
/// <param name="Input">What the client sends, from its first frame on.</param>
/// <param name="Output">What goes to it, behind the answer to the upgrade.</param>
/// <param name="OutputCollects">Whether the output itself sends together what is flushed from several threads.</param>
/// <param name="Abort">Cuts the transport off without another byte.</param>
internal sealed record WebSocketWire(PipeReader Input, PipeWriter Output, bool OutputCollects, Action<WebSocketConnection> Abort);
