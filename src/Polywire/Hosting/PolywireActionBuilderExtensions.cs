using System.Runtime.CompilerServices;
using Polywire;
using Polywire.Actions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Actions from delegates, for hosts without routes; web applications write the same with <c>app.MapAction</c>.</summary>
public static class PolywireActionBuilderExtensions
{
    /// <summary>Adds an action from a delegate; the members of <typeparamref name="TInput"/> are its inputs.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name by which clients call the action, with case.</param>
    /// <param name="run">Does the work; may be called concurrently.</param>
    public static ActionBuilder MapAction<TInput, TOutput>(this IPolywireBuilder builder, string name, Func<TInput, TOutput> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, TOutput> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(this IPolywireBuilder builder, string name, Func<TInput, Task<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, Task<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(3)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, CancellationToken, Task<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <summary>Adds an action from a delegate that answers nothing of its own, as <see cref="ActionResult.None"/> does.</summary>
    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(this IPolywireBuilder builder, string name, Func<TInput, Task> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IPolywireBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(this IPolywireBuilder builder, string name, Func<TInput, ActionContext, Task> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IPolywireBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(2)]
    public static ActionBuilder MapAction<TInput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, CancellationToken, Task> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ValueTask<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, ValueTask<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput,TOutput}(IPolywireBuilder, string, Func{TInput, TOutput})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput, TOutput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IPolywireBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(this IPolywireBuilder builder, string name, Func<TInput, ValueTask> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IPolywireBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(this IPolywireBuilder builder, string name, Func<TInput, ActionContext, ValueTask> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <inheritdoc cref="MapAction{TInput}(IPolywireBuilder, string, Func{TInput, Task})"/>
    [OverloadResolutionPriority(1)]
    public static ActionBuilder MapAction<TInput>(
        this IPolywireBuilder builder, string name, Func<TInput, ActionContext, CancellationToken, ValueTask> run) =>
        builder.Add(DelegateActions.Create(name, run));

    /// <summary>Adds an action without types: params in, a table of keys out.</summary>
    /// <param name="builder">The builder.</param>
    /// <param name="name">The name by which clients call the action, with case.</param>
    /// <param name="inputs">Declares the inputs; values are read from <see cref="ActionContext.Params"/>.</param>
    /// <param name="run">Does the work and leaves the answer in <see cref="ActionContext.Response"/>.</param>
    public static ActionBuilder MapDynamicAction(
        this IPolywireBuilder builder, string name, Action<DynamicInputs> inputs, Func<ActionContext, CancellationToken, Task> run) =>
        builder.Add(DelegateActions.CreateDynamic(name, inputs, run));

    private static ActionBuilder Add(this IPolywireBuilder builder, ActionDescriptor action)
    {
        builder.AddAction(action);
        return new ActionBuilder(action);
    }
}
