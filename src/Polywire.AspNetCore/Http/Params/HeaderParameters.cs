using System.Text;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>A header's value and the parameters behind it, found by their whole names and outside of quotes.</summary>
/// <remarks>
/// Grammar: RFC 9110 5.6.6 and RFC 2045 5.1; what clients leave unquoted is taken up to the next semicolon. A name that stands twice has no
/// value, because two readers would take two. Source: docs/protocol/http.md, "Multipart".
/// </remarks>
internal sealed class HeaderParameters
{
    private readonly List<(string Name, string Value)> _parameters = [];

    private HeaderParameters(string value) => Value = value;

    /// <summary>What stands before the first semicolon.</summary>
    public string Value { get; }

    /// <summary>Reads a header.</summary>
    /// <returns>Null where quotes do not end, or something follows them.</returns>
    public static HeaderParameters? Parse(string header)
    {
        var rest = header.AsSpan();
        var end = rest.IndexOf(';');
        var result = new HeaderParameters((end < 0 ? rest : rest[..end]).Trim(" \t").ToString());
        rest = end < 0 ? default : rest[(end + 1)..];
        while (!(rest = rest.Trim(" \t")).IsEmpty)
        {
            var stop = rest.IndexOfAny(';', '=');
            if (stop < 0)
            {
                break;
            }

            var name = rest[..stop].TrimEnd(" \t");
            var hasValue = rest[stop] == '=';
            rest = rest[(stop + 1)..];
            if (!hasValue)
            {
                continue;
            }

            if (!TryReadValue(ref rest, out var value))
            {
                return null;
            }

            result._parameters.Add((name.ToString(), value));
        }

        return result;
    }

    /// <summary>The value of a parameter, unquoted.</summary>
    /// <param name="name">Its whole name; case does not count.</param>
    /// <param name="value">Null where it is not there.</param>
    /// <returns>False where it stands twice.</returns>
    public bool TryGet(string name, out string? value)
    {
        value = null;
        foreach (var (known, text) in _parameters)
        {
            if (!known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (value is not null)
            {
                return false;
            }

            value = text;
        }

        return true;
    }

    private static bool TryReadValue(ref ReadOnlySpan<char> rest, out string value)
    {
        rest = rest.TrimStart(" \t");
        if (rest is not ['"', ..])
        {
            var end = rest.IndexOf(';');
            value = (end < 0 ? rest : rest[..end]).TrimEnd(" \t").ToString();
            rest = end < 0 ? default : rest[(end + 1)..];
            return true;
        }

        return TryReadQuoted(ref rest, out value);
    }

    // A backslash stands for itself unless a quotation mark or another follows: browsers have sent whole paths of Windows.
    private static bool TryReadQuoted(ref ReadOnlySpan<char> rest, out string value)
    {
        var text = new StringBuilder();
        for (var i = 1; i < rest.Length; i++)
        {
            if (rest[i] == '"')
            {
                value = text.ToString();
                rest = rest[(i + 1)..].TrimStart(" \t");
                if (rest is not ([] or [';', ..]))
                {
                    return false;
                }

                rest = rest.IsEmpty ? rest : rest[1..];
                return true;
            }

            if (rest[i] == '\\' && i + 1 < rest.Length && rest[i + 1] is '"' or '\\')
            {
                // What ends the text is no quoted mark: "C:\" is a folder.
                if (rest[i + 1] == '"' && IsEnd(rest[(i + 2)..]))
                {
                    text.Append('\\');
                    continue;
                }

                i++;
            }

            text.Append(rest[i]);
        }

        value = string.Empty;
        return false;
    }

    private static bool IsEnd(ReadOnlySpan<char> rest) => rest.IndexOf('"') < 0 && rest.TrimStart(" \t") is [] or [';', ..];
}
