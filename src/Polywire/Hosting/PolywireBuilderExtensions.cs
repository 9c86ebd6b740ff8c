using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire;
using Polywire.Actions;
using Polywire.Doors;
using Polywire.Json;
using Polywire.Rooms;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>What can be added to Polywire's core.</summary>
public static class PolywireBuilderExtensions
{
    /// <summary>Adds an action; generated code calls this for every <see cref="ActionAttribute"/> class.</summary>
    public static IPolywireBuilder AddAction(this IPolywireBuilder builder, ActionDescriptor action)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(action);
        builder.Services.AddSingleton(action);
        return builder;
    }

    /// <summary>Adds rooms that exist from the start.</summary>
    public static IPolywireBuilder AddRooms(this IPolywireBuilder builder, params ReadOnlySpan<string> rooms)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var names = rooms.ToArray();
        builder.Services.Configure<PolywireOptions>(options =>
        {
            foreach (var name in names)
            {
                options.StartingRooms.Add(name);
            }
        });
        return builder;
    }

    /// <summary>Adds a room that exists from the start, with settings of its own.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="room">The name of the room.</param>
    /// <param name="configure">Sets them; called at once. Of a setting that is set twice the last counts.</param>
    public static IPolywireBuilder AddRooms(this IPolywireBuilder builder, string room, Action<RoomBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(room);
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddRooms(room);
        var rule = new RoomRule(room);
        configure(new RoomBuilder(rule));
        builder.Services.AddSingleton(rule);
        return builder;
    }

    /// <summary>Adds JSON metadata of the application's types; needed only where JSON reflection is switched off.</summary>
    public static IPolywireBuilder AddJsonContext(this IPolywireBuilder builder, IJsonTypeInfoResolver context)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(context);
        builder.Services.Configure<PolywireJsonOptions>(options => options.Resolvers.Add(context));
        return builder;
    }

    /// <summary>Runs a middleware around every action.</summary>
    /// <typeparam name="TMiddleware">Scoped, unless the application has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="order">Lower is further outside; 100 by default. Equal ones run in the order they were added.</param>
    public static IPolywireBuilder UseMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this IPolywireBuilder builder, int order = 100)
        where TMiddleware : class, IActionMiddleware
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<TMiddleware>();
        builder.Services.AddSingleton(new MiddlewareRegistration(order, static services => services.GetRequiredService<TMiddleware>()));
        return builder;
    }

    /// <summary>Runs a pre-processor before every action, among the middleware.</summary>
    /// <typeparam name="TProcessor">Scoped, unless the application has registered it otherwise.</typeparam>
    /// <param name="builder">The builder.</param>
    /// <param name="order">Ascending; 100 by default. Equal ones run in the order they were added.</param>
    public static IPolywireBuilder UsePreProcessor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProcessor>(
        this IPolywireBuilder builder, int order = 100)
        where TProcessor : class, IPreProcessor
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<TProcessor>();
        builder.Services.AddSingleton(new MiddlewareRegistration(order, static _ => PreProcessorStep.Of<TProcessor>()));
        return builder;
    }

    /// <summary>Runs a post-processor after every action that succeeded.</summary>
    /// <inheritdoc cref="UsePreProcessor{TProcessor}(IPolywireBuilder, int)"/>
    public static IPolywireBuilder UsePostProcessor<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TProcessor>(
        this IPolywireBuilder builder, int order = 100)
        where TProcessor : class, IPostProcessor
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddScoped<TProcessor>();
        builder.Services.AddSingleton(new PostProcessorRegistration(order, static services => services.GetRequiredService<TProcessor>()));
        return builder;
    }

    /// <summary>Adds a middleware that sees connections come and go; a singleton.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="order">Ascending; 100 by default. Equal ones run in the order they were added.</param>
    public static IPolywireBuilder UseConnectionMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this IPolywireBuilder builder, int order = 100)
        where TMiddleware : class, IConnectionMiddleware
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TMiddleware>();
        builder.Services.AddSingleton(
            new ConnectionMiddlewareRegistration(order, static services => services.GetRequiredService<TMiddleware>()));
        return builder;
    }

    /// <summary>Adds a middleware for rooms; a singleton.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="order">Ascending; 100 by default. Equal ones run in the order they were added.</param>
    public static IPolywireBuilder UseRoomMiddleware<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TMiddleware>(
        this IPolywireBuilder builder, int order = 100)
        where TMiddleware : class, IRoomMiddleware
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<TMiddleware>();
        builder.Services.AddSingleton(new RoomMiddlewareRegistration(order, static services => services.GetRequiredService<TMiddleware>()));
        return builder;
    }

    /// <summary>Adds a reporter that is told of every unexpected exception; a singleton. Any number may be added.</summary>
    public static IPolywireBuilder AddExceptionReporter<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TReporter>(
        this IPolywireBuilder builder)
        where TReporter : class, IExceptionReporter
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IExceptionReporter, TReporter>();
        return builder;
    }
}
