using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using Polywire.Inputs;
using Polywire.Params;

namespace Polywire.Binding;

/// <summary>What generated binders read inputs from: finds each by its index, converts it, and collects what is missing or wrong.</summary>
/// <remarks>
/// Made for generated code; its members follow the generator, not the application. Within a major version none goes, so what was compiled earlier
/// runs. Bad input never throws. Nothing is allocated but the values themselves. Source: core.md I-2 to I-10, I-20 to I-22.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public ref partial struct InputReader
{
    private readonly ActionParams? _params;
    private readonly ReadOnlySpan<byte> _json;
    private readonly ReadOnlySpan<ParamRange> _members;
    private readonly ReadOnlySpan<InputDescriptor> _inputs;
    private readonly InputErrors _errors;
    private readonly int _errorsBefore;

    internal InputReader(ActionParams parameters, IReadOnlyList<InputDescriptor> inputs, InputErrors errors)
    {
        _params = parameters;
        // The generator hands an array over; whatever else is copied.
        _inputs = inputs as InputDescriptor[] ?? [.. inputs];
        _errors = errors;
        _errorsBefore = errors.Count;
    }

    private InputReader(
        ReadOnlySpan<byte> json, ReadOnlySpan<ParamRange> members, ReadOnlySpan<InputDescriptor> inputs, InputErrors errors)
    {
        _json = json;
        _members = members;
        _inputs = inputs;
        _errors = errors;
        _errorsBefore = errors.Count;
    }

    /// <summary>Whether anything read through this reader was missing or wrong, so that the record is not to be made.</summary>
    public readonly bool HasFailed => _errors.Count != _errorsBefore;

    /// <summary>Whether the input that was read last was sent as <see langword="null"/>.</summary>
    public bool IsNull { get; private set; }

    /// <summary>Reads an input for which <c>""</c> is no value: as text it counts as not sent.</summary>
    /// <param name="index">The input's place among the descriptors.</param>
    /// <param name="convert">Makes the value.</param>
    /// <param name="value">The value.</param>
    /// <param name="missingText">
    /// Said if it is missing, <c>{0}</c> standing for its name; <see langword="null"/> takes the catalogue's words.
    /// </param>
    /// <returns><see langword="false"/> if there is no value: not sent, null, missing or wrong.</returns>
    public bool TryRead<T>(int index, InputConverter<T> convert, [MaybeNullWhen(false)] out T value, string? missingText = null)
    {
        var input = _inputs[index];
        if (!TryFind(input, index, missingText, out var raw))
        {
            value = default;
            return false;
        }

        if (raw.IsEmpty)
        {
            if (input.Required && !input.AllowEmpty && _errors.CountsEmpty)
            {
                _errors.Missing(input.Name, missingText);
                value = default;
                return false;
            }

            if (raw.Kind == ParamKind.Text && !input.Required)
            {
                value = default;
                return false;
            }
        }

        return TryConvert(input, convert, raw, out value);
    }

    /// <summary>Reads an input for which <c>""</c> is a value, if it is not required.</summary>
    /// <param name="index">The input's place among the descriptors.</param>
    /// <param name="convert">Makes the value.</param>
    /// <param name="value">The value.</param>
    /// <param name="isFormatted">
    /// Whether a formatter follows: then <see cref="Require"/> says after it whether a required text is missing (core.md I-2).
    /// </param>
    /// <param name="missingText">
    /// Said if it is missing, <c>{0}</c> standing for its name; <see langword="null"/> takes the catalogue's words.
    /// </param>
    /// <returns><see langword="false"/> if there is no value: not sent, null, missing or wrong.</returns>
    public bool TryReadText<T>(
        int index, InputConverter<T> convert, [MaybeNullWhen(false)] out T value, bool isFormatted = false, string? missingText = null)
    {
        var input = _inputs[index];
        if (!TryFind(input, index, missingText, out var raw))
        {
            value = default;
            return false;
        }

        if (input.Required && !input.AllowEmpty && !isFormatted && _errors.CountsEmpty && raw.IsEmpty)
        {
            _errors.Missing(input.Name, missingText);
            value = default;
            return false;
        }

        return TryConvert(input, convert, raw, out value);
    }

    /// <summary>Checks a required text after it was formatted.</summary>
    /// <param name="index">The input's place among the descriptors.</param>
    /// <param name="value">The text.</param>
    /// <param name="missingText">
    /// Said if it is missing, <c>{0}</c> standing for its name; <see langword="null"/> takes the catalogue's words.
    /// </param>
    public readonly void Require(int index, string? value, string? missingText = null)
    {
        var input = _inputs[index];
        if (value is null || (value.Length == 0 && !input.AllowEmpty && _errors.CountsEmpty))
        {
            _errors.Missing(input.Name, missingText);
        }
    }

    /// <summary>Refuses an input in the catalogue's words.</summary>
    public readonly void Refuse(int index) => _errors.Invalid(_inputs[index].Name);

    /// <summary>Refuses an input.</summary>
    /// <param name="index">The input's place among the descriptors.</param>
    /// <param name="format">A format in which <c>{0}</c> is the input's name.</param>
    public readonly void Refuse(int index, string format) => _errors.Invalid(_inputs[index].Name, format);

    /// <summary>Lets a validator look at a value, and refuses the input in its words if it is not content.</summary>
    /// <param name="index">The input's place among the descriptors.</param>
    /// <param name="value">The value, formatted.</param>
    public readonly void Validate<TValidator, T>(int index, T value)
        where TValidator : IInputValidator<T>
    {
        if (TValidator.Validate(value, _errors.FullName(_inputs[index].Name)) is { } text)
        {
            _errors.InvalidAsSaid(_inputs[index].Name, text);
        }
    }

    // Whether a value other than null was sent.
    private bool TryFind(InputDescriptor input, int index, string? missingText, out ParamValue raw)
    {
        IsNull = false;
        bool found;
        if (_params is not null)
        {
            found = _params.TryFind(input, out raw);
        }
        else
        {
            ref readonly var member = ref _members[index];
            found = member.Length > 0;
            raw = found ? new ParamValue(_json.Slice(member.Start, member.Length), member.Kind) : default;
        }

        if (!found)
        {
            if (input.Required && !input.HasDefault)
            {
                _errors.Missing(input.Name, missingText);
            }

            return false;
        }

        if (raw.IsNull)
        {
            IsNull = true;
            if (input.Required)
            {
                _errors.Missing(input.Name, missingText);
            }

            return false;
        }

        return true;
    }

    private bool TryConvert<T>(
        InputDescriptor input, InputConverter<T> convert, ParamValue raw, [MaybeNullWhen(false)] out T value)
    {
        var before = _errors.Count;
        _errors.Enter(input.Name);
        var done = convert(ref this, new InputValue(raw), out value);
        _errors.Leave();
        if (!done && _errors.Count == before)
        {
            _errors.Invalid(input.Name);
        }

        return done;
    }
}
