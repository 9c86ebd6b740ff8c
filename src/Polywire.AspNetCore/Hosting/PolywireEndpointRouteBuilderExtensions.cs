using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Polywire;
using Polywire.Actions;
using Polywire.AspNetCore.Compatibility;
using Polywire.AspNetCore.Http.Routing;
using Polywire.AspNetCore.LiveView;
using Polywire.AspNetCore.OpenApi;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts actions on the web.</summary>
public static class PolywireEndpointRouteBuilderExtensions
{
    /// <summary>Answers actions and files on the web, as <see cref="WebOptions"/> says, wherever no endpoint of the application does.</summary>
    /// <returns>For conventions such as <c>RequireAuthorization</c>; they hold for every action, and not for files.</returns>
    /// <exception cref="InvalidOperationException"><c>AddPolywire</c> was not called.</exception>
    public static PolywireEndpointConventionBuilder MapPolywire(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<WebRouter>() is null)
        {
            throw new InvalidOperationException("MapPolywire needs Polywire's services: call builder.AddPolywire() before the application is built.");
        }

        var mapped = endpoints.ServiceProvider.GetRequiredService<MappedActions>();
        var source = mapped.Source;
        if (source is null)
        {
            source = new ActionEndpointDataSource(endpoints.ServiceProvider);
            (mapped.Source, mapped.IsInGroup) = (source, endpoints is RouteGroupBuilder);
            var options = endpoints.ServiceProvider.GetRequiredService<IOptions<WebOptions>>().Value;
            if (options.Enabled)
            {
                if (options.Legacy)
                {
                    endpoints.ServiceProvider.GetRequiredService<ActionRegistry>().AddIfMissing(LegacyFileAction.Create());
                }

                MapOpenApi(endpoints, options.OpenApiPath, source);
                MapLiveView(endpoints);
            }

            // Without a web server it has no endpoints, and is told of a group's conventions all the same.
            endpoints.DataSources.Add(source);
        }
        else if (endpoints is RouteGroupBuilder && !endpoints.DataSources.Contains(source))
        {
            throw new InvalidOperationException("MapPolywire was called before, elsewhere: what this group asks for would not hold. Call it once, on the group.");
        }

        return new PolywireEndpointConventionBuilder(source.Actions, source.Files);
    }

    /// <summary>Adds an action from a delegate; the members of <typeparamref name="TInput"/> are its inputs.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="name">The name by which clients call the action, with case.</param>
    /// <param name="run">Does the work; may be called concurrently.</param>
    /// <exception cref="InvalidOperationException"><c>AddPolywire</c> was not called, or the host has started.</exception>
    public static ActionBuilder MapAction<TInput, TOutput>(this IEndpointRouteBuilder endpoints, string name, Func<TInput, TOutput> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, TOutput> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, Task<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, Task<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, CancellationToken, Task<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <summary>Adds an action from a delegate that answers nothing of its own, as <see cref="ActionResult.None"/> does.</summary>
    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(this IEndpointRouteBuilder endpoints, string name, Func<TInput, Task> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IEndpointRouteBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, Task> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IEndpointRouteBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, CancellationToken, Task> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ValueTask<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, ValueTask<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IEndpointRouteBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IEndpointRouteBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(this IEndpointRouteBuilder endpoints, string name, Func<TInput, ValueTask> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IEndpointRouteBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, ValueTask> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IEndpointRouteBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(
        this IEndpointRouteBuilder endpoints, string name, Func<TInput, ActionContext, CancellationToken, ValueTask> run) =>
        endpoints.Add(DelegateActions.Create(name, run));

    /// <summary>Adds an action without types: params in, a table of keys out.</summary>
    /// <param name="endpoints">The application.</param>
    /// <param name="name">The name by which clients call the action, with case.</param>
    /// <param name="inputs">Declares the inputs; values are read from <see cref="ActionContext.Params"/>.</param>
    /// <param name="run">Does the work and leaves the answer in <see cref="ActionContext.Response"/>.</param>
    /// <exception cref="InvalidOperationException"><c>AddPolywire</c> was not called, or the host has started.</exception>
    public static ActionBuilder MapDynamicAction(
        this IEndpointRouteBuilder endpoints, string name, Action<DynamicInputs> inputs, Func<ActionContext, CancellationToken, Task> run) =>
        endpoints.Add(DelegateActions.CreateDynamic(name, inputs, run));

    // Who may not run actions is not told of them either.
    private static void MapOpenApi(IEndpointRouteBuilder endpoints, string? path, ActionEndpointDataSource source)
    {
        if (path is not null)
        {
            var document = endpoints.ServiceProvider.GetRequiredService<OpenApiEndpoint>();
            endpoints.MapMethods(path, [HttpMethods.Get, HttpMethods.Head], document.InvokeAsync).WithDisplayName("Polywire OpenAPI")
                .Finally(builder => source.Actions.Apply(builder, [], []));
        }
    }

    private static void MapLiveView(IEndpointRouteBuilder endpoints)
    {
        if (endpoints.ServiceProvider.GetService<LiveViewEndpoint>() is { IsEnabled: true } live)
        {
            endpoints.MapMethods(live.Path + "/{file?}", [HttpMethods.Get, HttpMethods.Head], live.InvokeAsync).WithDisplayName("Polywire live view");
        }
    }

    private static ActionBuilder Add(this IEndpointRouteBuilder endpoints, ActionDescriptor action)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var registry = endpoints.ServiceProvider.GetService<ActionRegistry>()
            ?? throw new InvalidOperationException("MapAction needs Polywire's services: call builder.AddPolywire() before the application is built.");
        registry.Add(action);
        return new ActionBuilder(action);
    }
}
