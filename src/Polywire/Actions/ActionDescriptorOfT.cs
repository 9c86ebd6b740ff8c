using Polywire.Binding;

namespace Polywire;

/// <summary>A descriptor of an action with typed input and output; its delegates are generated code, so nothing is reflected on.</summary>
/// <typeparam name="TInput">The input record.</typeparam>
/// <typeparam name="TOutput">The answer.</typeparam>
public sealed class ActionDescriptor<TInput, TOutput> : ActionDescriptor
{
    private readonly Func<ActionContext, IAction<TInput, TOutput>> _create;
    private readonly InputBinder<TInput> _bind;

    /// <summary>Makes a descriptor.</summary>
    /// <param name="name">The name by which clients call the action, with case.</param>
    /// <param name="version">The version.</param>
    /// <param name="create">Makes the action for one run.</param>
    /// <param name="bind">Binds and validates the inputs.</param>
    public ActionDescriptor(
        string name,
        ActionVersion version,
        Func<ActionContext, IAction<TInput, TOutput>> create,
        InputBinder<TInput> bind)
        : base(name, version)
    {
        ArgumentNullException.ThrowIfNull(create);
        ArgumentNullException.ThrowIfNull(bind);
        (_create, _bind) = (create, bind);
    }

    /// <summary>Asks the validators that have services, once the input is made; <see langword="null"/> where there are none.</summary>
    public Func<TInput, ActionContext, ValueTask<string?>>? Validate { get; init; }

    /// <inheritdoc/>
    public override Type OutputType => typeof(TOutput);

    internal override ValueTask InvokeAsync(ActionContext context)
    {
        var reader = new InputReader(context.Params, Inputs, context.InputErrors);
        var input = _bind(ref reader);
        if (context.InputErrors.ToError(context.Texts) is { } error)
        {
            context.Error = error;
            return default;
        }

        return Validate is not null || input is IValidatableInput
            ? ValidateAndRunAsync(input, context)
            : RunAsync(input, context);
    }

    private ValueTask RunAsync(TInput input, ActionContext context)
    {
        if (!context.ToProcess)
        {
            return default;
        }

        var action = _create(context);
        if (action is IAsyncDisposable or IDisposable)
        {
            return RunAndDisposeAsync(action, input, context);
        }

        var run = action.RunAsync(input, context, context.Aborted);
        if (!run.IsCompletedSuccessfully)
        {
            return AwaitAsync(run, context);
        }

        context.Result = run.Result;
        return default;
    }

    private static async ValueTask AwaitAsync(ValueTask<TOutput> run, ActionContext context) => context.Result = await run;

    private async ValueTask ValidateAndRunAsync(TInput input, ActionContext context)
    {
        var text = Validate is null ? null : await Validate(input, context);
        if (text is null && input is IValidatableInput validatable)
        {
            text = await validatable.ValidateAsync(context);
        }

        if (text is not null)
        {
            context.Error = new ActionError { Status = ActionStatus.ValidatorErrors, Message = text };
            return;
        }

        await RunAsync(input, context);
    }

    private static async ValueTask RunAndDisposeAsync(IAction<TInput, TOutput> action, TInput input, ActionContext context)
    {
        try
        {
            context.Result = await action.RunAsync(input, context, context.Aborted);
        }
        finally
        {
            if (action is IAsyncDisposable asyncDisposable)
            {
                await asyncDisposable.DisposeAsync();
            }
            else
            {
                ((IDisposable)action).Dispose();
            }
        }
    }
}
