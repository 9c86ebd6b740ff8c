namespace Polywire.AspNetCore.Http.HeaderValues;

/// <summary>What follows the semicolons of a header's value or list element (RFC 9110, 5.6.6).</summary>
internal static class HeaderParameters
{
    /// <summary>Finds a parameter by its whole name, in any case, outside of quotes; the first of that name.</summary>
    /// <param name="value">The value, from its beginning.</param>
    /// <param name="name">The name.</param>
    /// <param name="found">As it was sent, quotes too.</param>
    public static bool TryFind(ReadOnlySpan<char> value, ReadOnlySpan<char> name, out ReadOnlySpan<char> found)
    {
        HeaderList.Take(ref value, ';');
        while (!value.IsEmpty)
        {
            var parameter = HeaderList.Take(ref value, ';').Trim();
            var equals = parameter.IndexOf('=');
            if (equals > 0 && parameter[..equals].TrimEnd().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = parameter[(equals + 1)..].TrimStart();
                return true;
            }
        }

        found = default;
        return false;
    }
}
