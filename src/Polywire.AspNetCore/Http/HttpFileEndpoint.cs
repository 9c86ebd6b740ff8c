using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Polywire.AspNetCore.Http.Files;
using Polywire.Files;

namespace Polywire.AspNetCore.Http;

/// <summary>One web request in mode file: the public folders, or the folder of the route that matched. Query and body are not read.</summary>
internal sealed class HttpFileEndpoint(WebRequestOpener opener, FileEndpoint files, IHostEnvironment environment)
{
    // By what routes declare, so there are as many as routes.
    private readonly ConcurrentDictionary<string, PublicFolder> _folders = new(StringComparer.Ordinal);

    public Task InvokeAsync(HttpContext http) => opener.ServeAsync(http, ServeAsync);

    private Task ServeAsync(WebRequest request)
    {
        var http = request.Http;
        if (request.Route is not { Route.Dir: { } folder } match)
        {
            return files.ServeAsync(http, request.Connection, request.Target.Rest).AsTask();
        }

        var found = _folders.GetOrAdd(folder, path => files.CreateFolder(Path.GetFullPath(path, environment.ContentRootPath)));
        return files.ServeAsync(http, request.Connection, match.Tail, found).AsTask();
    }
}
