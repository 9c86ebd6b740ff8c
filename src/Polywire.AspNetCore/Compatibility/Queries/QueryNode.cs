using System.Globalization;
using System.Text.Json;

namespace Polywire.AspNetCore.Compatibility.Queries;

/// <summary>A value of a query: a text, a list that may have gaps, or a table.</summary>
internal sealed class QueryNode
{
    private const long NoIndex = -1;

    // The highest index of a table that is a list with high indexes, so that what comes without an index goes behind it.
    private long _overflow = NoIndex;

    // The last index of a list or table in which a text and a table met under one name.
    private long _conflict = NoIndex;

    private QueryNode()
    {
    }

    public string? Text { get; private init; }

    public List<QueryNode?>? Items { get; private init; }

    public OrderedDictionary<string, QueryNode>? Members { get; private init; }

    /// <summary>Whether it is a table because its indexes are too high for a list.</summary>
    public bool IsHighList => _overflow != NoIndex;

    public static QueryNode OfText(string text) => new() { Text = text };

    public static QueryNode List(params IEnumerable<QueryNode?> items) => new() { Items = [.. items] };

    public static QueryNode Table() => new() { Members = new OrderedDictionary<string, QueryNode>(StringComparer.Ordinal) };

    /// <summary>A list with one item at its place.</summary>
    public static QueryNode At(int index, QueryNode item)
    {
        var list = List();
        list.Put(index, item);
        return list;
    }

    /// <summary>A table with one member; one whose name is a high index goes on counting from there.</summary>
    public static QueryNode Member(string name, QueryNode value, long overflow = NoIndex)
    {
        var table = Table();
        table.Members![name] = value;
        table._overflow = overflow;
        return table;
    }

    /// <summary>Puts values of one name into one list; a list counts as its items.</summary>
    public static QueryNode Combine(QueryNode? first, QueryNode second)
    {
        var list = first?.Items is not null ? first : first is null ? List() : List(first);
        if (second.Items is null)
        {
            list.Items!.Add(second);
        }
        else
        {
            list.Items!.AddRange(second.Items);
        }

        return list;
    }

    /// <summary>Merges what two keys say of one place.</summary>
    public static QueryNode Merge(QueryNode? target, QueryNode source)
    {
        if (target is null)
        {
            return source;
        }

        if (source.Text is not null)
        {
            // An empty text adds nothing to what is there.
            return source.Text.Length == 0 ? target : target.Add(source);
        }

        if (target.Text is not null)
        {
            return source._overflow != NoIndex ? source.Shift(target)
                : source.Items is { } items ? List([target, .. items])
                : List(target, source);
        }

        return target.Items is not null && source.Items is not null
            ? target.MergeItems(source.Items)
            : target.ToTable().MergeMembers(source);
    }

    /// <summary>The table's names in the order in which JavaScript has them: whole numbers first, by size.</summary>
    public IEnumerable<KeyValuePair<string, QueryNode>> InOrder() =>
        Members!.OrderBy(static pair => Index(pair.Key) is { } index and >= 0 ? index : long.MaxValue);

    /// <summary>The index that a name is; null where it is none.</summary>
    public static long? Index(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 10
        && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        && index < uint.MaxValue
        && (name[0] != '0' || name.Length == 1)
            ? index
            : null;

    public void Write(Utf8JsonWriter writer)
    {
        if (Text is not null)
        {
            writer.WriteStringValue(Text);
        }
        else if (Items is not null)
        {
            writer.WriteStartArray();
            foreach (var item in Items)
            {
                item?.Write(writer);
            }

            writer.WriteEndArray();
        }
        else
        {
            writer.WriteStartObject();
            foreach (var (name, value) in InOrder())
            {
                writer.WritePropertyName(name);
                value.Write(writer);
            }

            writer.WriteEndObject();
        }
    }

    private static string Name(long index) => index.ToString(CultureInfo.InvariantCulture);

    private QueryNode Add(QueryNode text)
    {
        if (Items is not null)
        {
            Items.Add(text);
            return this;
        }

        if (_overflow != NoIndex)
        {
            Members![Name(++_overflow)] = text;
            return this;
        }

        if (_conflict != NoIndex)
        {
            Members![Name(++_conflict)] = text;
            return this;
        }

        var both = List(this, text);
        both._conflict = Members is null ? NoIndex : 1;
        return both;
    }

    private QueryNode Shift(QueryNode first)
    {
        var shifted = Table();
        shifted.Members!["0"] = first;
        foreach (var (name, value) in Members!)
        {
            shifted.Members[Index(name) is { } index ? Name(index + 1) : name] = value;
        }

        shifted._overflow = _overflow + 1;
        return shifted;
    }

    private void Put(int index, QueryNode item)
    {
        while (Items!.Count <= index)
        {
            Items.Add(null);
        }

        Items[index] = item;
    }

    private QueryNode MergeItems(List<QueryNode?> source)
    {
        for (var i = 0; i < source.Count; i++)
        {
            if (source[i] is not { } item)
            {
                continue;
            }

            var mine = i < Items!.Count ? Items[i] : null;
            if (mine is null)
            {
                Put(i, item);
            }
            else if (mine.Text is null && item.Text is null)
            {
                Items[i] = Merge(mine, item);
            }
            else
            {
                Items.Add(item);
            }
        }

        return this;
    }

    private QueryNode ToTable()
    {
        if (Items is null)
        {
            return this;
        }

        var table = Table();
        for (var i = 0; i < Items.Count; i++)
        {
            if (Items[i] is { } item)
            {
                table.Members![Name(i)] = item;
            }
        }

        table._conflict = _conflict == NoIndex ? NoIndex : Items.Count - 1;
        return table;
    }

    private QueryNode MergeMembers(QueryNode source)
    {
        foreach (var (name, value) in source.ToTable().Members!)
        {
            Members![name] = Merge(Members.GetValueOrDefault(name), value);
            var index = Index(name) ?? NoIndex;
            if (source._overflow != NoIndex && _overflow == NoIndex)
            {
                _overflow = Math.Max(source._overflow, Members.Keys.Max(static key => Index(key) ?? NoIndex));
            }

            if (_overflow != NoIndex)
            {
                _overflow = Math.Max(_overflow, index);
            }

            if (_conflict != NoIndex)
            {
                _conflict = Math.Max(_conflict, index);
            }
        }

        return this;
    }
}
