using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Http.Files;

namespace Polywire.AspNetCore.WebSockets.Client;

/// <summary>The files of the browser client, with this server's settings in them.</summary>
/// <remarks>Source: docs/protocol/client.md, CL-1 to CL-4. Nothing is written to disk.</remarks>
internal sealed class ClientFiles : IMemoryFiles
{
    private const string Script = "text/javascript; charset=utf-8";

    // What pages of ActionHero load.
    private static readonly string[] DefaultAliases = ["actionheroClient", "ActionheroWebsocketClient"];

    private static readonly (string Ending, string ContentType)[] Kinds =
        [(".js", Script), (".min.js", Script), (".mjs", Script), (".d.ts", "application/typescript; charset=utf-8")];

    private readonly WebSocketServerOptions _server;
    private readonly WebOptions _web;
    private readonly FrozenDictionary<string, (string Ending, MemoryFile File)> _files;

    public ClientFiles(IOptions<WebSocketServerOptions> options, IOptions<WebOptions> web, TimeProvider time)
    {
        var server = _server = options.Value;
        _web = web.Value;
        var files = new Dictionary<string, (string, MemoryFile)>(StringComparer.Ordinal);
        if (server.Enabled && !string.IsNullOrEmpty(server.ClientJsName))
        {
            var folder = server.ClientJsPath.Trim('/') is { Length: > 0 } path ? path + '/' : "";
            foreach (var (ending, contentType) in Kinds)
            {
                var content = ClientBuild.Read(ending, server, web.Value, pathBase: default);
                foreach (var name in NamesOf(server, ending))
                {
                    files.TryAdd(
                        folder + name + ending,
                        (ending, new MemoryFile(folder + name + ending, contentType, content, TagOf(content), time.GetUtcNow().UtcDateTime)));
                }
            }
        }

        _files = files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public MemoryFile? Find(string name, PathString pathBase)
    {
        var (ending, file) = _files.GetValueOrDefault(name);
        if (file is null || !pathBase.HasValue)
        {
            return file;
        }

        // Not kept: the base may be written by a proxy, in any number of ways.
        var content = ClientBuild.Read(ending, _server, _web, pathBase);
        return file with { Content = content, ETag = TagOf(content) };
    }

    private static string TagOf(byte[] content) => $"W/\"{Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 16))}\"";

    private static IEnumerable<string> NamesOf(WebSocketServerOptions options, string ending) =>
        ending.EndsWith(".js", StringComparison.Ordinal)
            ? [options.ClientJsName!, .. options.ClientJsAliases ?? DefaultAliases]
            : [options.ClientJsName!];
}
