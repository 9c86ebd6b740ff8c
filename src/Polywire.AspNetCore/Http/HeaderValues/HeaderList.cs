using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http.HeaderValues;

/// <summary>The elements of a header that is a list (RFC 9110, 5.6.1): parted by commas outside of quotes, trimmed, empty ones passed over.</summary>
/// <remarks>Allocates nothing. For a header on several lines go through the lines: none of them ends inside of an element.</remarks>
internal ref struct HeaderList(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;

    public ReadOnlySpan<char> Current { get; private set; }

    public readonly HeaderList GetEnumerator() => this;

    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            Current = Take(ref _rest, ',').Trim();
            if (!Current.IsEmpty)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a header on however many lines has an element of that name, in any case, with or without a value behind it.</summary>
    public static bool Has(in StringValues header, ReadOnlySpan<char> name)
    {
        foreach (var line in header)
        {
            foreach (var element in new HeaderList(line))
            {
                if (NameOf(element).Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>What stands in front of an element's <c>=</c> or <c>;</c>: all of it where there is neither.</summary>
    public static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> element) =>
        element.IndexOfAny('=', ';') is var end and >= 0 ? element[..end].TrimEnd() : element;

    /// <summary>Cuts off what stands in front of the next <paramref name="separator"/> outside of quotes; all where there is none.</summary>
    /// <param name="rest">Afterwards what follows the separator.</param>
    /// <param name="separator">A comma, or a semicolon between parameters.</param>
    public static ReadOnlySpan<char> Take(scoped ref ReadOnlySpan<char> rest, char separator)
    {
        var quoted = false;
        for (var i = 0; i < rest.Length; i++)
        {
            var c = rest[i];
            if (quoted)
            {
                if (c == '\\')
                {
                    i++;
                }
                else if (c == '"')
                {
                    quoted = false;
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c == separator)
            {
                var taken = rest[..i];
                rest = rest[(i + 1)..];
                return taken;
            }
        }

        var last = rest;
        rest = default;
        return last;
    }
}
