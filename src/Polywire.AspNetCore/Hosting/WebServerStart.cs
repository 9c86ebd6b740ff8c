using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.Policies;
using Polywire.AspNetCore.WebSockets;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Makes the table of routes before anything listens, so that what cannot be understood or obeyed stops the start; then tells where the web server listens.</summary>
internal sealed partial class WebServerStart(
    WebRouter router,
    MappedActions mapped,
    MetadataCheck check,
    IServiceProvider services,
    IServer server,
    IOptions<WebOptions> options,
    WebSocketServices sockets,
    ILogger<WebServerStart> logger) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        router.Build();
        if (mapped.Source is not null && mapped.IsComplete)
        {
            check.Run();
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        if (!mapped.IsComplete)
        {
            // What a group asks for is told when the framework's own list of endpoints is asked for.
            _ = services.GetService<EndpointDataSource>()?.Endpoints.Count;
        }

        check.Run();
        if (options.Value.Enabled && logger.IsEnabled(LogLevel.Information))
        {
            var sections = sockets.Options.Enabled ? $"actions and files, WebSocket at {sockets.Path}" : "actions and files";
            foreach (var address in server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [])
            {
                Log.Listening(logger, address, sections);
            }
        }

        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.WebListening, LogLevel.Information, "Web server listening on {Address}: {What}")]
        public static partial void Listening(ILogger logger, string address, string what);
    }
}
