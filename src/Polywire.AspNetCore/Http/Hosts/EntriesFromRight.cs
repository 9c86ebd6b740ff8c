using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.Http.Hosts;

/// <summary>The entries of a header that is a list, all its lines taken together, the last one first. Empty entries are passed over.</summary>
internal ref struct EntriesFromRight(StringValues header)
{
    private readonly StringValues _header = header;
    private int _lines = header.Count;
    private ReadOnlySpan<char> _rest;

    public ReadOnlySpan<char> Current { get; private set; }

    public bool MoveNext()
    {
        while (true)
        {
            if (_rest.IsEmpty)
            {
                if (_lines == 0)
                {
                    return false;
                }

                _rest = _header[--_lines].AsSpan();
                continue;
            }

            var comma = _rest.LastIndexOf(',');
            Current = _rest[(comma + 1)..].Trim();
            _rest = comma < 0 ? default : _rest[..comma];
            if (!Current.IsEmpty)
            {
                return true;
            }
        }
    }
}
