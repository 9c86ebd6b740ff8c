using System.Text;

namespace Polywire.Generators.Emission;

/// <summary>Writes lines of code with their indentation.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _isBlankDue;
    private bool _isBlockBegun;

    public void Line(string line)
    {
        if (_isBlankDue && !_isBlockBegun)
        {
            _text.Append('\n');
        }

        _isBlankDue = false;
        _isBlockBegun = false;
        _text.Append(' ', line.Length == 0 ? 0 : _depth * 4).Append(line).Append('\n');
    }

    /// <summary>Puts a blank line before what follows, unless a block begins or ends there.</summary>
    public void Blank() => _isBlankDue = true;

    public void Open(string line)
    {
        Line(line);
        Line("{");
        _depth++;
        _isBlockBegun = true;
    }

    public void Close(string end = "}")
    {
        _depth--;
        _isBlankDue = false;
        Line(end);
        Blank();
    }

    public void Indent() => _depth++;

    public void Outdent() => _depth--;

    public override string ToString() => _text.ToString();
}
