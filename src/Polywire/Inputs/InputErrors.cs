using System.Globalization;
using System.Text;

namespace Polywire.Inputs;

/// <summary>What binding found: the first missing input and the first refused one; missing wins (core.md I-8).</summary>
/// <remarks>
/// Also knows where binding stands among nested records, so that an error's full name (<c>nested.x</c>, <c>lines.2.amount</c>) is made
/// only when there is an error. Reused from run to run.
/// </remarks>
internal sealed class InputErrors
{
    private Step[] _path = [];
    private int _depth;
    private string? _missing;
    private string? _missingText;
    private string? _invalid;
    private string? _invalidText;

    public bool IsEmpty => _missing is null && _invalid is null;

    /// <summary>Which values count as missing; of the host that the run belongs to.</summary>
    public MissingChecks Checks { get; set; } = MissingChecks.All;

    public bool CountsNull => (Checks & MissingChecks.Null) != 0;

    public bool CountsEmpty => (Checks & MissingChecks.Empty) != 0;

    /// <summary>How many were found, the ones that are not told included.</summary>
    public int Count { get; private set; }

    /// <summary>A required input was not sent; without a text the catalogue's stands.</summary>
    /// <param name="name">Its own name; those of the records around it are put before it.</param>
    /// <param name="text">The whole text, <c>{0}</c> standing for the name.</param>
    public void Missing(string name, string? text = null)
    {
        Count++;
        if (_missing is null)
        {
            _missing = FullName(name);
            _missingText = Fill(text, _missing);
        }
    }

    /// <summary>An input was refused; without a text the catalogue's stands.</summary>
    /// <inheritdoc cref="Missing"/>
    public void Invalid(string name, string? text = null)
    {
        Count++;
        if (_invalid is null)
        {
            _invalid = FullName(name);
            _invalidText = Fill(text, _invalid);
        }
    }

    /// <summary>An input was refused in words that are sent as they are.</summary>
    public void InvalidAsSaid(string name, string text)
    {
        Count++;
        if (_invalid is null)
        {
            (_invalid, _invalidText) = (FullName(name), text);
        }
    }

    /// <summary>What follows is inside of an input.</summary>
    public void Enter(string name)
    {
        if (_depth == _path.Length)
        {
            Array.Resize(ref _path, Math.Max(4, _depth * 2));
        }

        _path[_depth++] = new Step(name, 0);
    }

    /// <summary>What follows is inside of an element of a list.</summary>
    public void EnterElement(int index)
    {
        Enter(string.Empty);
        _path[_depth - 1] = new Step(null, index);
    }

    public void Leave() => _path[--_depth] = default;

    /// <summary>A name with those of the records around it.</summary>
    public string FullName(string name)
    {
        if (_depth == 0)
        {
            return name;
        }

        var full = new StringBuilder();
        for (var i = 0; i < _depth; i++)
        {
            full.Append(_path[i].Name ?? _path[i].Index.ToString(CultureInfo.InvariantCulture)).Append('.');
        }

        return full.Append(name).ToString();
    }

    public void Clear()
    {
        (_missing, _missingText, _invalid, _invalidText) = (null, null, null, null);
        Count = 0;
        Array.Clear(_path, 0, _depth);
        _depth = 0;
    }

    public ActionError? ToError(ErrorCatalog texts) =>
        _missing is not null ? new ActionError { Status = ActionStatus.MissingParams, Message = _missingText ?? texts.MissingParam(_missing) }
        : _invalid is not null ? new ActionError { Status = ActionStatus.ValidatorErrors, Message = _invalidText ?? texts.InvalidParam(_invalid) }
        : null;

    private static string? Fill(string? text, string name) =>
        text is null ? null : string.Format(CultureInfo.InvariantCulture, text, name);

    private readonly record struct Step(string? Name, int Index);
}
