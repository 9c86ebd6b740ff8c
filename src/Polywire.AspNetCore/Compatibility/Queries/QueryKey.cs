using System.Text;

namespace Polywire.AspNetCore.Compatibility.Queries;

/// <summary>A name of a query, cut at its brackets.</summary>
internal static class QueryKey
{
    /// <summary>Puts a value where its name says.</summary>
    /// <returns>The table with that one value; null where the name is dropped.</returns>
    public static QueryNode? Place(string key, QueryNode value, QueryRules rules)
    {
        var segments = new List<string>();
        if (!TrySplit(rules.AllowDots ? DotsToBrackets(key) : key, rules.Depth, segments))
        {
            return null;
        }

        for (var i = segments.Count - 1; i >= 0; i--)
        {
            var segment = segments[i];
            if (segment == "[]")
            {
                // A list with high indexes is a table already.
                value = value.IsHighList ? value : QueryNode.Combine(QueryNode.List(), value);
                continue;
            }

            var name = segment is ['[', .., ']'] ? segment[1..^1] : segment;
            var index = name.Length != segment.Length ? QueryNode.Index(name) : null;
            value = index is { } place && place < rules.ArrayLimit ? QueryNode.At((int)place, value)
                : index is { } high ? QueryNode.Member(name, value, high)
                : QueryNode.Member(name, value);
        }

        return value;
    }

    // The first segment is the name before the brackets, the others keep theirs; what is too deep is one segment.
    private static bool TrySplit(string key, int depth, List<string> segments)
    {
        if (depth == 0)
        {
            segments.Add(key);
            return !DroppedNames.InQuery(key is ['[', .., ']'] ? key.AsSpan(1, key.Length - 2) : key);
        }

        var open = key.IndexOf('[', StringComparison.Ordinal);
        var parent = open < 0 ? key : key[..open];
        if (parent.Length > 0)
        {
            if (DroppedNames.InQuery(parent))
            {
                return false;
            }

            segments.Add(parent);
        }

        for (var level = 0; open >= 0 && level < depth; level++)
        {
            var close = FindClose(key, open);
            if (close < 0)
            {
                break;
            }

            if (DroppedNames.InQuery(key.AsSpan(open + 1, close - open - 1)))
            {
                return false;
            }

            segments.Add(key[open..(close + 1)]);
            open = key.IndexOf('[', close + 1);
        }

        if (open >= 0)
        {
            // Too deep, or never closed.
            segments.Add($"[{key[open..]}]");
        }

        return true;
    }

    private static int FindClose(string key, int open)
    {
        var level = 0;
        for (var i = open; i < key.Length; i++)
        {
            level += key[i] switch { '[' => 1, ']' => -1, _ => 0 };
            if (level == 0)
            {
                return i;
            }
        }

        return -1;
    }

    // a.b is a[b]; dots inside brackets, at the end or before another dot or bracket are themselves.
    private static string DotsToBrackets(string key)
    {
        var result = new StringBuilder(key.Length + 8);
        var level = 0;
        for (var i = 0; i < key.Length; i++)
        {
            var c = key[i];
            level = c == '[' ? level + 1 : c == ']' && level > 0 ? level - 1 : level;
            if (c == '.' && level == 0 && i + 1 < key.Length && key[i + 1] is not ('.' or '['))
            {
                var end = key.AsSpan(i + 1).IndexOfAny('.', '[') is var found and >= 0 ? i + 1 + found : key.Length;
                result.Append('[').Append(key, i + 1, end - i - 1).Append(']');
                i = end - 1;
            }
            else
            {
                result.Append(c);
            }
        }

        return result.ToString();
    }
}
