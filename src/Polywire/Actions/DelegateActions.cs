using System.Diagnostics.CodeAnalysis;

namespace Polywire.Actions;

/// <summary>Makes descriptors from delegates: what every <c>MapAction</c> shares, whatever it is called on.</summary>
[Experimental("PWX0001")]
public static class DelegateActions
{
    /// <summary>Makes the descriptor of an action that is a delegate.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="run">Binds its input from the params, and answers with its result.</param>
    /// <exception cref="ArgumentException">The type arguments say that a task is the answer, which nobody would await.</exception>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, TOutput> run) =>
        Of<TInput, TOutput>(name, run, (input, _, _) => new ValueTask<TOutput>(run(input)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, TOutput> run) =>
        Of<TInput, TOutput>(name, run, (input, context, _) => new ValueTask<TOutput>(run(input, context)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, Task<TOutput>> run) =>
        Of<TInput, TOutput>(name, run, (input, _, _) => new ValueTask<TOutput>(run(input)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, Task<TOutput>> run) =>
        Of<TInput, TOutput>(name, run, (input, context, _) => new ValueTask<TOutput>(run(input, context)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, CancellationToken, Task<TOutput>> run) =>
        Of<TInput, TOutput>(name, run, (input, context, cancellationToken) => new ValueTask<TOutput>(run(input, context, cancellationToken)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ValueTask<TOutput>> run) =>
        Of<TInput, TOutput>(name, run, (input, _, _) => run(input));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, ValueTask<TOutput>> run) =>
        Of<TInput, TOutput>(name, run, (input, context, _) => run(input, context));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> run) =>
        Of(name, run, run);

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, Task> run) =>
        Of<TInput, ActionResult>(name, run, (input, _, _) => NoneAfter(new ValueTask(run(input))));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, ActionContext, Task> run) =>
        Of<TInput, ActionResult>(name, run, (input, context, _) => NoneAfter(new ValueTask(run(input, context))));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, ActionContext, CancellationToken, Task> run) =>
        Of<TInput, ActionResult>(name, run, (input, context, cancellationToken) => NoneAfter(new ValueTask(run(input, context, cancellationToken))));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, ValueTask> run) =>
        Of<TInput, ActionResult>(name, run, (input, _, _) => NoneAfter(run(input)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, ActionContext, ValueTask> run) =>
        Of<TInput, ActionResult>(name, run, (input, context, _) => NoneAfter(run(input, context)));

    /// <inheritdoc cref="Create{TInput, TOutput}(string, Func{TInput, TOutput})"/>
    public static ActionDescriptor Create<TInput>(string name, Func<TInput, ActionContext, CancellationToken, ValueTask> run) =>
        Of<TInput, ActionResult>(name, run, (input, context, cancellationToken) => NoneAfter(run(input, context, cancellationToken)));

    /// <summary>Makes the descriptor of an action whose inputs have no type.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="inputs">Declares the inputs.</param>
    /// <param name="run">Runs it.</param>
    public static ActionDescriptor CreateDynamic(
        string name, Action<DynamicInputs> inputs, Func<ActionContext, CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(run);
        var declared = new DynamicInputs();
        inputs(declared);
        return new DynamicActionDescriptor(name, declared, run);
    }

    private static DelegateActionDescriptor<TInput, TOutput> Of<TInput, TOutput>(
        string name, Delegate run, Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> runAsync)
    {
        ArgumentNullException.ThrowIfNull(run);

        // With type arguments that say so, the delegate's task would be taken for the answer, and nobody would await it.
        if (typeof(TOutput).IsAssignableTo(typeof(Task)) || typeof(TOutput) == typeof(ValueTask)
            || (typeof(TOutput).IsGenericType && typeof(TOutput).GetGenericTypeDefinition() == typeof(ValueTask<>)))
        {
            throw new ArgumentException($"Action {name} answers {typeof(TOutput)}, which nobody would await: leave the type arguments of MapAction away.", nameof(run));
        }

        return new DelegateActionDescriptor<TInput, TOutput>(name, runAsync);
    }

    private static ValueTask<ActionResult> NoneAfter(ValueTask run)
    {
        if (!run.IsCompletedSuccessfully)
        {
            return AwaitAsync(run);
        }

        run.GetAwaiter().GetResult();
        return new ValueTask<ActionResult>(ActionResult.None);

        static async ValueTask<ActionResult> AwaitAsync(ValueTask run)
        {
            await run;
            return ActionResult.None;
        }
    }
}
