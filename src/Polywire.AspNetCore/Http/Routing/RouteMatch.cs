namespace Polywire.AspNetCore.Http.Routing;

/// <summary>A route and what a path gave its variables.</summary>
/// <param name="route">The route.</param>
/// <param name="path">The path that matched.</param>
/// <param name="values">Where in it the variables' texts are, in their order.</param>
/// <param name="tail">What follows the route's own segments; undecoded.</param>
internal sealed class RouteMatch(WebRoute route, string path, Range[] values, string tail)
{
    public MatchedRoute Route => route.Description;

    public int Variables => values.Length;

    /// <summary>What follows the route's own segments, undecoded: the file of a folder route.</summary>
    public string Tail => tail;

    public string NameAt(int index) => route.VariableAt(index);

    /// <summary>A variable's text, undecoded.</summary>
    public ReadOnlySpan<char> ValueAt(int index) => path.AsSpan(values[index]);
}
