using System.Net;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Where the web server listens by its own settings; null where the host names the addresses.</summary>
internal sealed class WebEndPoint
{
    public EndPoint? EndPoint { get; set; }
}
