using Microsoft.AspNetCore.WebUtilities;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Looks for the action in the query before the params are read, so that middleware can know it.</summary>
/// <remarks>Only a guess: the body may name another, and whatever guards an action is asked again when it runs.</remarks>
internal static class QueryPeek
{
    public static string? Action(string query) => Value(query, "action");

    public static string? Version(string query) => Value(query, "apiVersion") is { Length: > 0 } version ? version : null;

    private static string? Value(string query, string name)
    {
        if (!query.Contains(name, StringComparison.Ordinal))
        {
            return null;
        }

        foreach (var pair in new QueryStringEnumerable(query))
        {
            if (pair.EncodedName.Span.SequenceEqual(name))
            {
                return pair.DecodeValue().ToString();
            }
        }

        return null;
    }
}
