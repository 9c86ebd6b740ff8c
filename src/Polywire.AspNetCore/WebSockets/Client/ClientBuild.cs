using Microsoft.AspNetCore.Http;

namespace Polywire.AspNetCore.WebSockets.Client;

/// <summary>The built client that this assembly carries.</summary>
internal static class ClientBuild
{
    // What the build leaves for the settings: an empty object, so that the file works without them too.
    private static ReadOnlySpan<byte> Place => "{}/*polywire:options*/"u8;

    /// <summary>Reads one of its files, with the server's settings in it.</summary>
    /// <param name="ending"><c>.js</c>, <c>.min.js</c>, <c>.mjs</c> or <c>.d.ts</c>, which has none.</param>
    /// <param name="server">The WebSocket server's settings.</param>
    /// <param name="web">The web server's.</param>
    /// <param name="pathBase">What stands in front of every path of the application's; empty for nothing.</param>
    public static byte[] Read(string ending, WebSocketServerOptions server, WebOptions web, PathString pathBase)
    {
        var content = Resource("polywireClient" + ending);
        var at = content.AsSpan().IndexOf(Place);
        return at < 0 ? content : [.. content.AsSpan(0, at), .. ClientSettings.Write(server, web, pathBase), .. content.AsSpan(at + Place.Length)];
    }

    /// <summary>Reads a file that was embedded.</summary>
    public static byte[] Resource(string name)
    {
        using var resource = typeof(ClientBuild).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The file {name} is not in this build.");
        var content = new byte[resource.Length];
        resource.ReadExactly(content);
        return content;
    }
}
