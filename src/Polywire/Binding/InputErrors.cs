namespace Polywire.Binding;

/// <summary>What binding found: the first missing input and the first refused one; missing wins (core.md I-8).</summary>
internal sealed class InputErrors
{
    private string? _missing;
    private string? _invalid;
    private string? _invalidText;

    public bool IsEmpty => _missing is null && _invalid is null;

    /// <summary>A required input was not sent; <paramref name="name"/> with the records around it, <c>nested.x</c>.</summary>
    public void Missing(string name) => _missing ??= name;

    /// <summary>An input was refused; without a text the catalogue's stands.</summary>
    public void Invalid(string name, string? text = null)
    {
        if (_invalid is null)
        {
            (_invalid, _invalidText) = (name, text);
        }
    }

    public void Clear() => (_missing, _invalid, _invalidText) = (null, null, null);

    public ActionError? ToError(ErrorCatalog texts) =>
        _missing is not null ? new ActionError(ActionStatus.MissingParams, texts.MissingParam(_missing))
        : _invalid is not null ? new ActionError(ActionStatus.ValidatorErrors, _invalidText ?? texts.InvalidParam(_invalid))
        : null;
}
