using System.Net;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Where nobody ever connects: what Kestrel listens on where the web server is off. Without any it would take port 5000.</summary>
internal sealed class SilentEndPoint : EndPoint
{
    public override string ToString() => "off";
}
