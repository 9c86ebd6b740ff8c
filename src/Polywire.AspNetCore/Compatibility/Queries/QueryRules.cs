namespace Polywire.AspNetCore.Compatibility.Queries;

/// <summary>The rules of a query; see <see cref="WebQueryParseOptions"/>.</summary>
internal sealed record QueryRules(
    string Delimiter = "&", int ParameterLimit = 1000, int Depth = 5, int ArrayLimit = 20, bool AllowDots = false, bool Comma = false)
{
    /// <summary>Whether a query without brackets is a plain list of names and values.</summary>
    public bool ArePlain => Delimiter == "&" && !AllowDots && !Comma;
}
