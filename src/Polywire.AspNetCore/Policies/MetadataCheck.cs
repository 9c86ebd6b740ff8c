using System.Text;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Routing;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Actions;
using Polywire.AspNetCore.Diagnostics;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.Sockets;
using Polywire.AspNetCore.Sockhop;

namespace Polywire.AspNetCore.Policies;

/// <summary>Looks at what actions carry of ASP.NET Core when the host starts: what cannot be obeyed stops the start or is told, by its name.</summary>
internal sealed partial class MetadataCheck(
    MappedActions mapped,
    ActionRegistry registry,
    IServiceProvider services,
    IOptions<WebOptions> web,
    IOptions<WebSocketServerOptions> webSocket,
    ILogger<MetadataCheck> logger)
{
    private static readonly CompositeFormat OneDoor = CompositeFormat.Parse("{0}, which holds for requests of the web alone and not on {1}");
    private bool _isDone;

    /// <summary>Checks every action, once.</summary>
    /// <exception cref="InvalidOperationException">An action asks for what is not done for it.</exception>
    public void Run()
    {
        if (_isDone)
        {
            return;
        }

        _isDone = true;
        var doors = Doors();
        var told = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        var onOneDoor = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var action in registry.All)
        {
            var others = action.AllowedAmong(doors);
            foreach (var item in mapped.MetadataOf(action))
            {
                if (ErrorOf(item) is { } error)
                {
                    throw new InvalidOperationException($"Action {action} has {NameOf(item)}: {error}");
                }

                if (HasNoEffect(item) is { } advice)
                {
                    Add(told, $"{NameOf(item)}: {advice}", action);
                }

                if (others != 0 && OnOneDoor(item) is { } instead)
                {
                    Add(onOneDoor, $"{string.Format(null, OneDoor, NameOf(item), others)}: {instead}", action);
                }
            }

            if (mapped.Source is not null)
            {
                CheckConventions(action);
            }
        }

        foreach (var (what, actions) in told)
        {
            Log.WithoutEffect(logger, string.Join(", ", actions), what);
        }

        foreach (var (what, actions) in onOneDoor)
        {
            Log.OnOneDoor(logger, string.Join(", ", actions), what);
        }

        // Those that have the verb file.
        if ((doors & (Transports.WebSocket | Transports.Socket)) is var withFiles and not 0 && FilesAskWho())
        {
            Log.FilesOnOneDoor(logger, withFiles);
        }
    }

    private bool FilesAskWho() =>
        mapped.Source is { } source
        && (ActionPolicy.IsAskedBy(source.Set.Files.Metadata)
            || (services.GetService<IOptions<AuthorizationOptions>>()?.Value.FallbackPolicy is not null
                && !source.Set.Files.Metadata.Any(static item => item is IAllowAnonymous)));

    // Ours are looked for on the action, because they hold on every door.
    private void CheckConventions(ActionDescriptor action)
    {
        if (mapped.MetadataOf(action).OfType<RateLimitAttribute>().FirstOrDefault(limit => !action.Metadata.Contains(limit)) is { } added)
        {
            throw new InvalidOperationException(
                $"A convention of MapPolywire gives action {action} the rate limit '{added.Policy}', which only an action itself can ask for: put [RateLimit] on its class, or WithMetadata on its builder.");
        }
    }

    private Transports Doors() =>
        (web.Value.Enabled && webSocket.Value.Enabled ? Transports.WebSocket : 0)
        | (services.GetService<SocketServices>() is null ? 0 : Transports.Socket)
        | (services.GetService<SockhopDoor>() is null ? 0 : Transports.Sockhop);

    private string? ErrorOf(object item) =>
        item switch
        {
            IAuthorizeData or AuthorizationPolicy or IAuthorizationRequirementData when !Has<IAuthorizationPolicyProvider>() =>
                "call builder.Services.AddAuthorization().",
            AntiforgeryRule { IsRequired: true } or IAntiforgeryMetadata { RequiresValidation: true } when !Has<IAntiforgery>() =>
                "call builder.Services.AddAntiforgery().",
            EnableRateLimitingAttribute when !Has<IConfigureOptions<RateLimiterOptions>>() =>
                "call builder.Services.AddRateLimiter(…) and app.UseRateLimiter().",
            IEnableCorsAttribute or ICorsPolicyMetadata when !Has<ICorsService>() => "call builder.Services.AddCors() and app.UseCors().",
            OutputCacheAttribute or IOutputCachePolicy when !Has<IOutputCacheStore>() => "call builder.Services.AddOutputCache() and app.UseOutputCache().",
            IHostMetadata { Hosts.Count: > 0 } => "an action answers on every host. Set Polywire:Web:AllowedRequestHosts.",
            IHttpMethodMetadata or IActionHttpMethodProvider or IRouteTemplateProvider =>
                "it is a route of another framework. Declare it with [Get], [Post] and the like of Polywire, and set Polywire:Web:AutomaticRoutes to none where the action's name is to be no route.",
            IFilterMetadata and not (IRequestSizeLimitMetadata or ISkipStatusCodePagesMetadata or IApiResponseMetadataProvider) =>
                "it is a filter of MVC, which does not run for actions. Use action middleware ([Use]).",
            _ => null,
        };

    private static string? HasNoEffect(object item) =>
        item switch
        {
            IFormOptionsMetadata => "limits of forms are Polywire:Web:FormOptions.",
            IAcceptsMetadata => "which bodies are read is the same for all actions.",
            IApiResponseMetadataProvider or IProducesResponseTypeMetadata or IEndpointSummaryMetadata or IEndpointDescriptionMetadata or ITagsMetadata =>
                "the description is made from the action itself; change it with ConfigureOpenApi.",
            IExcludeFromDescriptionMetadata { ExcludeFromDescription: true } => "an action is left out of descriptions by Documented = false or Undocumented().",
            IEndpointNameMetadata => "links to actions are not generated.",
            _ => null,
        };

    private static string? OnOneDoor(object item) =>
        item switch
        {
            EnableRateLimitingAttribute or DisableRateLimitingAttribute => "[RateLimit] (AddRateLimit) counts on every door.",
            RequestTimeoutAttribute or RequestTimeoutPolicy or DisableRequestTimeoutAttribute => "[Timeout] holds on every door.",
            IRequestSizeLimitMetadata => "the bounds of other doors are Polywire:Socket:MaxDataLength and Polywire:WebSocket:MaxMessageLength.",
            _ => null,
        };

    private bool Has<T>() => services.GetService(typeof(T)) is not null;

    private static void Add(SortedDictionary<string, List<string>> lines, string line, ActionDescriptor action)
    {
        if (!lines.TryGetValue(line, out var actions))
        {
            lines.Add(line, actions = []);
        }

        if (!actions.Contains(action.ToString()))
        {
            actions.Add(action.ToString());
        }
    }

    private static string NameOf(object item)
    {
        var name = item is AntiforgeryRule ? "RequireAntiforgeryToken" : item.GetType().Name;
        return $"[{(name.EndsWith("Attribute", StringComparison.Ordinal) ? name[..^"Attribute".Length] : name)}]";
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.MetadataWithoutEffect, LogLevel.Warning, "Actions {Actions} have something without effect, {What}")]
        public static partial void WithoutEffect(ILogger logger, string actions, string what);

        [LoggerMessage(ServerEventIds.MetadataOnOneDoor, LogLevel.Warning, "Actions {Actions} have {What} Or leave it to the web ([AllowTransport(Transports.Web)])")]
        public static partial void OnOneDoor(ILogger logger, string actions, string what);

        [LoggerMessage(ServerEventIds.FilesOnOneDoor, LogLevel.Warning, "Files ask for authorization, which holds for requests of the web alone: the verb file on {Doors} sends them to everybody who is connected. Keep in public folders only what is for all, and send the rest from an action (ActionResult.File)")]
        public static partial void FilesOnOneDoor(ILogger logger, Transports doors);
    }
}
