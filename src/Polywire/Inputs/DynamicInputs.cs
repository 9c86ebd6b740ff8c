namespace Polywire;

/// <summary>The inputs of a dynamic action, in the order they are declared and checked.</summary>
public sealed class DynamicInputs
{
    private readonly List<DynamicInput> _inputs = [];

    internal DynamicInputs()
    {
    }

    internal IReadOnlyList<DynamicInput> All => _inputs;

    /// <summary>An input that has to be sent; <see langword="null"/> and <c>""</c> count as not sent.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="format">Changes the value before it is validated; what it throws ends the run.</param>
    /// <param name="validate">Null if the value is good, else the error's text.</param>
    /// <param name="secret">Whether logs show <c>[FILTERED]</c>.</param>
    public DynamicInputs Required(
        string name, Func<object?, object?>? format = null, Func<object?, string?>? validate = null, bool secret = false) =>
        Add(new DynamicInput(new InputDescriptor(name) { Required = true, Secret = secret }, format, validate, null));

    /// <summary>An input that need not be sent, and then is not there.</summary>
    /// <inheritdoc cref="Required(string, Func{object?, object?}?, Func{object?, string?}?, bool)"/>
    public DynamicInputs Optional(
        string name, Func<object?, object?>? format = null, Func<object?, string?>? validate = null, bool secret = false) =>
        Add(new DynamicInput(new InputDescriptor(name) { Secret = secret }, format, validate, null));

    /// <summary>An input that need not be sent, of one type.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="format">Makes the value from what was sent; what it throws ends the run.</param>
    /// <param name="defaultValue">The value where nothing was sent.</param>
    /// <param name="validate">Null if the value is good, else the error's text.</param>
    public DynamicInputs Optional<T>(string name, Func<object?, T> format, T defaultValue, Func<object?, string?>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Add(new DynamicInput(
            new InputDescriptor(name) { HasDefault = true, Default = defaultValue }, value => format(value), validate, () => defaultValue));
    }

    /// <summary>An input that has to be sent, of one type; with a default it is never missing, but <c>""</c> is refused.</summary>
    /// <inheritdoc cref="Optional{T}(string, Func{object?, T}, T, Func{object?, string?}?)"/>
    public DynamicInputs Required<T>(string name, Func<object?, T> format, T defaultValue, Func<object?, string?>? validate = null)
    {
        ArgumentNullException.ThrowIfNull(format);
        return Add(new DynamicInput(
            new InputDescriptor(name) { Required = true, HasDefault = true, Default = defaultValue },
            value => format(value),
            validate,
            () => defaultValue));
    }

    /// <summary>An input that is an object with inputs of its own, to any depth; other members are dropped.</summary>
    /// <param name="name">The name on the wire.</param>
    /// <param name="members">Declares the members.</param>
    /// <param name="required">Whether the object has to be sent; its required members only matter where it was.</param>
    public DynamicInputs Nested(string name, Action<DynamicInputs> members, bool required = false)
    {
        ArgumentNullException.ThrowIfNull(members);
        var inner = new DynamicInputs();
        members(inner);
        var descriptor = new InputDescriptor(name)
        {
            Required = required,
            Type = "object",
            Members = [.. inner.All.Select(input => input.Descriptor)],
        };
        return Add(new DynamicInput(descriptor, null, null, null) { Members = inner.All });
    }

    private DynamicInputs Add(DynamicInput input)
    {
        _inputs.Add(input);
        return this;
    }
}

/// <summary>One input of a dynamic action and what is done with it.</summary>
internal sealed record DynamicInput(
    InputDescriptor Descriptor, Func<object?, object?>? Format, Func<object?, string?>? Validate, Func<object?>? Default)
{
    public IReadOnlyList<DynamicInput> Members { get; init; } = [];
}
