using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Polywire.AspNetCore.Http.Params;
using Polywire.Params;

namespace Polywire.AspNetCore.Compatibility.Queries;

/// <summary>Reads a query into params: repeated names are lists, brackets nest.</summary>
/// <remarks>Source: docs/protocol/http.md, "Query". The rules are those of the qs library, which ActionHero uses. Holds no state.</remarks>
internal static class QueryReader
{
    // Above it the search for each name among those before it would be felt, and a dictionary is quicker.
    private const int FewPairs = 16;
    private const int StackBytes = 512;

    /// <summary>Reads a query.</summary>
    /// <param name="query">As it was sent, without the question mark.</param>
    /// <param name="set">Gets the params behind those it has.</param>
    /// <param name="rules">The limits.</param>
    public static void Read(ReadOnlySpan<char> query, ParamSet set, QueryRules rules)
    {
        if (query.IsEmpty)
        {
            return;
        }

        byte[]? rented = null;
        var size = Encoding.UTF8.GetMaxByteCount(query.Length);
        var bytes = size <= StackBytes ? stackalloc byte[StackBytes] : (rented = ArrayPool<byte>.Shared.Rent(size));
        try
        {
            Utf8.FromUtf16(query, bytes, out _, out var length);
            Read(bytes[..length], set, rules);
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static void Read(ReadOnlySpan<byte> query, ParamSet set, QueryRules rules)
    {
        var before = set.Count;
        if (!rules.ArePlain || query.IndexOfAny("[]"u8) >= 0 || query.IndexOf("%5"u8) >= 0 || !TryReadPlain(query, set, rules.ParameterLimit))
        {
            set.Truncate(before);
            PayloadRule.Add(ReadTree(Encoding.UTF8.GetString(query), rules), set);
        }
    }

    // The usual query: a few names, no brackets, none of them twice or a number. False where it is none of these.
    private static bool TryReadPlain(ReadOnlySpan<byte> query, ParamSet set, int limit)
    {
        var before = set.Count;
        byte[]? rented = null;
        var decoded = query.Length <= StackBytes ? stackalloc byte[StackBytes] : (rented = ArrayPool<byte>.Shared.Rent(query.Length));
        try
        {
            var pairs = 0;
            while (!query.IsEmpty)
            {
                if (++pairs > FewPairs || pairs > limit)
                {
                    return false;
                }

                var end = query.IndexOf((byte)'&');
                var pair = end < 0 ? query : query[..end];
                query = end < 0 ? [] : query[(end + 1)..];
                var equals = pair.IndexOf((byte)'=');
                var key = equals < 0 ? pair : pair[..equals];
                if (key.IsEmpty)
                {
                    continue;
                }

                var nameLength = PercentEncoding.Decode(key, decoded);
                var name = decoded[..nameLength];
                if (char.IsAsciiDigit((char)name[0]) || IsDropped(name) || Contains(set, before, name))
                {
                    return false;
                }

                var room = decoded[nameLength..];
                var value = equals < 0 ? [] : room[..PercentEncoding.Decode(pair[(equals + 1)..], room)];
                set.AddLast(name, value, ParamKind.Text);
            }

            return true;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static bool IsDropped(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("__proto__"u8) || name.SequenceEqual("constructor"u8) || name.SequenceEqual("prototype"u8);

    private static bool Contains(ParamSet set, int from, ReadOnlySpan<byte> name)
    {
        for (var i = from; i < set.Count; i++)
        {
            if (set.NameAt(i).SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static QueryNode ReadTree(string query, QueryRules rules)
    {
        // Encoded brackets count as brackets.
        query = query.Replace("%5B", "[", StringComparison.OrdinalIgnoreCase).Replace("%5D", "]", StringComparison.OrdinalIgnoreCase);
        var flat = QueryNode.Table();
        var pairs = 0;
        foreach (var range in query.AsSpan().Split(rules.Delimiter))
        {
            if (++pairs > rules.ParameterLimit)
            {
                break;
            }

            AddPair(query.AsSpan(range), flat.Members!, rules);
        }

        var tree = QueryNode.Table();
        foreach (var (key, value) in flat.InOrder())
        {
            if (QueryKey.Place(key, value, rules) is { } placed)
            {
                tree = QueryNode.Merge(tree, placed);
            }
        }

        return tree;
    }

    private static void AddPair(ReadOnlySpan<char> pair, OrderedDictionary<string, QueryNode> flat, QueryRules rules)
    {
        var close = pair.IndexOf("]=", StringComparison.Ordinal);
        var equals = close >= 0 ? close + 1 : pair.IndexOf('=');
        var key = Decode(equals < 0 ? pair : pair[..equals]);
        if (key.Length == 0)
        {
            return;
        }

        var text = equals < 0 ? [] : pair[(equals + 1)..];
        var value = rules.Comma && text.Contains(',') ? ReadList(text) : QueryNode.OfText(Decode(text));
        if (value.Items is not null && equals > 1 && pair[..equals].EndsWith("[]", StringComparison.Ordinal))
        {
            value = QueryNode.List(value);
        }

        flat[key] = flat.TryGetValue(key, out var before) ? QueryNode.Combine(before, value) : value;
    }

    private static QueryNode ReadList(ReadOnlySpan<char> text)
    {
        var list = QueryNode.List();
        foreach (var range in text.Split(','))
        {
            list.Items!.Add(QueryNode.OfText(Decode(text[range])));
        }

        return list;
    }

    private static string Decode(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny('%', '+') < 0)
        {
            return text.ToString();
        }

        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        var decoded = new byte[bytes.Length];
        return Encoding.UTF8.GetString(decoded, 0, PercentEncoding.Decode(bytes, decoded));
    }
}
