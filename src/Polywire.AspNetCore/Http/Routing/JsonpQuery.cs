namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Looks for the param <c>callback</c> in a query before the params are read.</summary>
internal static class JsonpQuery
{
    /// <summary>Whether a query may hold it, however it is written; it may also be a part of a value.</summary>
    public static bool MayAsk(string query)
    {
        const string name = "callback";
        var text = query.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(query) : query;
        for (var at = 0; (at = text.IndexOf(name, at, StringComparison.Ordinal)) >= 0;)
        {
            var before = at == 0 ? '&' : text[at - 1];
            at += name.Length;
            if (!char.IsAsciiLetterOrDigit(before) && (at == text.Length || !char.IsAsciiLetterOrDigit(text[at])))
            {
                return true;
            }
        }

        return false;
    }
}
