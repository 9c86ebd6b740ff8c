using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Polywire.Inputs;
using Polywire.Json;

namespace Polywire.Actions;

/// <summary>An action from a delegate; its inputs are read off the JSON metadata of its input type.</summary>
internal sealed class DelegateActionDescriptor<TInput, TOutput> : ActionDescriptor
{
    private readonly Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> _run;
    private JsonTypeInfo<TInput>? _inputInfo;
    private IReadOnlyList<JsonInput> _members = [];
    private JsonRules? _rules;

    public DelegateActionDescriptor(string name, Func<TInput, ActionContext, CancellationToken, ValueTask<TOutput>> run)
        : base(name, new ActionVersion(1))
    {
        _run = run;
    }

    public override Type OutputType => typeof(TOutput);

    internal override void Prepare(PolywireJson json)
    {
        base.Prepare(json);
        _inputInfo = json.GetTypeInfo<TInput>();
        if (_inputInfo.Kind != JsonTypeInfoKind.Object)
        {
            throw new InvalidOperationException(
                $"Action {this} takes {typeof(TInput)}, which is no JSON object: an action's input is a record whose members are the inputs.");
        }

        _members = JsonInput.Of(_inputInfo, json);
        Inputs = [.. _members.Select(member => member.Descriptor)];
        try
        {
            _rules = JsonRules.Of(_inputInfo, json);
        }
        catch (InvalidOperationException exception)
        {
            throw new InvalidOperationException($"Action {this} cannot be mapped. {exception.Message}", exception);
        }
    }

    internal override ValueTask InvokeAsync(ActionContext context)
    {
        var values = new JsonObject();
        foreach (var member in _members)
        {
            member.Read(context.Params, values, context.InputErrors);
        }

        if (context.InputErrors.ToError(context.Texts) is { } error)
        {
            UploadedFileConverter.Drop();
            context.Error = error;
            return default;
        }

        TInput input;
        try
        {
            input = values.Deserialize(_inputInfo!)!;
        }
        catch (JsonException exception)
        {
            context.Error = new ActionError { Status = ActionStatus.ValidatorErrors, Message = context.Texts.InvalidParam(JsonInput.NameOf(exception.Path)) };
            return default;
        }
        finally
        {
            UploadedFileConverter.Drop();
        }

        _rules?.Check(input, values, context);
        if (context.InputErrors.ToError(context.Texts) is { } refused)
        {
            context.Error = refused;
            return default;
        }

        return input is IValidatableInput validatable ? ValidateAndRunAsync(validatable, input, context) : RunAsync(input, context);
    }

    private ValueTask RunAsync(TInput input, ActionContext context)
    {
        if (!context.ToProcess)
        {
            return default;
        }

        var run = _run(input, context, context.Aborted);
        if (!run.IsCompletedSuccessfully)
        {
            return AwaitAsync(run, context);
        }

        context.Result = run.Result;
        return default;
    }

    private async ValueTask ValidateAndRunAsync(IValidatableInput validatable, TInput input, ActionContext context)
    {
        if (await validatable.ValidateAsync(context) is { } text)
        {
            context.Error = new ActionError { Status = ActionStatus.ValidatorErrors, Message = text };
            return;
        }

        await RunAsync(input, context);
    }

    private static async ValueTask AwaitAsync(ValueTask<TOutput> run, ActionContext context) => context.Result = await run;
}
