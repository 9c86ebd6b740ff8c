namespace Polywire.Actions;

/// <summary>Makes descriptors from delegates; what <c>AddAction</c> and <c>MapAction</c> share.</summary>
internal static class DelegateActions
{
    public static ActionDescriptor Create<TInput, TOutput>(string name, Func<TInput, ActionContext, TOutput> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new DelegateActionDescriptor<TInput, TOutput>(name, (input, context, _) => new ValueTask<TOutput>(run(input, context)));
    }

    public static ActionDescriptor Create<TInput, TOutput>(
        string name, Func<TInput, ActionContext, CancellationToken, Task<TOutput>> run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return new DelegateActionDescriptor<TInput, TOutput>(
            name, (input, context, cancellationToken) => new ValueTask<TOutput>(run(input, context, cancellationToken)));
    }

    public static ActionDescriptor CreateDynamic(
        string name, Action<DynamicInputs> inputs, Func<ActionContext, CancellationToken, Task> run)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(run);
        var declared = new DynamicInputs();
        inputs(declared);
        return new DynamicActionDescriptor(name, declared, run);
    }
}
