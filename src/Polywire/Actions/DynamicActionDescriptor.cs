using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Actions;

/// <summary>An action without types: params in, a table of keys out. For code that is ported.</summary>
internal sealed class DynamicActionDescriptor : ActionDescriptor
{
    private readonly IReadOnlyList<DynamicInput> _inputs;
    private readonly Func<ActionContext, CancellationToken, Task> _run;

    public DynamicActionDescriptor(string name, DynamicInputs inputs, Func<ActionContext, CancellationToken, Task> run)
        : base(name, new ActionVersion(1))
    {
        _inputs = inputs.All;
        _run = run;
        Inputs = [.. inputs.All.Select(input => input.Descriptor)];
    }

    public override Type OutputType => typeof(object);

    internal override ValueTask InvokeAsync(ActionContext context)
    {
        foreach (var input in _inputs)
        {
            var sent = context.Params.TryGet(input.Descriptor.Name, out var value);
            var result = Check(input, input.Descriptor.Name, value, ref sent, context.InputErrors);
            if (sent && !ReferenceEquals(result, value))
            {
                context.Params[input.Descriptor.Name] = result;
            }
        }

        if (context.InputErrors.ToError(context.Texts) is { } error)
        {
            context.Error = error;
            return default;
        }

        return context.ToProcess ? new ValueTask(_run(context, context.Aborted)) : default;
    }

    /// <summary>Default, formatter, validator, required, members: the order of core.md I-2.</summary>
    private static object? Check(DynamicInput input, string path, object? value, ref bool sent, InputErrors errors)
    {
        if (!sent && input.Default is { } makeDefault)
        {
            value = makeDefault();
            sent = true;
        }

        if (sent && input.Format is { } format)
        {
            try
            {
                value = format(value);
            }
            catch (Exception exception) when (exception is FormatException or OverflowException or InvalidCastException)
            {
                // What the framework's conversions throw is the client's mistake, in our words.
                errors.Invalid(path);
                return value;
            }
        }

        if (sent && input.Validate?.Invoke(value) is { } refusal)
        {
            if (refusal.Length > 0)
            {
                errors.InvalidAsSaid(path, refusal);
            }
            else
            {
                errors.Invalid(path);
            }
        }

        if (input.Descriptor.Required && (!sent || (value is null && errors.CountsNull) || (value is "" && errors.CountsEmpty)))
        {
            errors.Missing(path);
        }

        return input.Members.Count > 0 && !IsFalsy(value) ? CheckMembers(input, path, value, errors) : value;
    }

    // What JavaScript takes for false has no members to check (core.md I-9).
    private static bool IsFalsy([NotNullWhen(false)] object? value) => value is null or "" or false or 0L or 0.0;

    private static object? CheckMembers(DynamicInput input, string path, object value, InputErrors errors)
    {
        if (AsObject(value) is not { } members)
        {
            errors.Invalid(path);
            return value;
        }

        var result = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var member in input.Members)
        {
            var sent = members.TryGetValue(member.Descriptor.Name, out var inner);
            inner = Check(member, $"{path}.{member.Descriptor.Name}", inner, ref sent, errors);
            if (sent)
            {
                result[member.Descriptor.Name] = inner;
            }
        }

        return result;
    }

    private static Dictionary<string, object?>? AsObject(object value)
    {
        if (value is string { Length: > 0 } text && text[0] == '{')
        {
            try
            {
                var json = Encoding.UTF8.GetBytes(text);
                LoneSurrogates.Replace(json);
                using var document = JsonDocument.Parse(json);
                value = document.RootElement.Clone();
            }
            catch (JsonException)
            {
                return null;
            }
        }

        if (value is not JsonElement { ValueKind: JsonValueKind.Object } element)
        {
            return null;
        }

        var members = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            members[property.Name] = ToPlain(property.Value);
        }

        return members;
    }

    private static object? ToPlain(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.String => element.GetString(),
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Null => null,
            JsonValueKind.Number => element.TryGetInt64(out var whole) ? (object)whole
                : element.GetDouble() is var number && double.IsFinite(number) ? number
                : element,
            _ => element,
        };
}
