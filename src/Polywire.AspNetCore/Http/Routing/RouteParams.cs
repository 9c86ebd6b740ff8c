using System.Text;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Routing;

/// <summary>Puts what a route says among the params.</summary>
/// <remarks>Source: docs/protocol/http-routing.md, "Routes".</remarks>
internal static class RouteParams
{
    /// <summary>The version if the client named none, the variables in place of params of their names, the action.</summary>
    /// <remarks>Added behind what was sent, where the last of a name counts: what was sent stays to be looked at.</remarks>
    public static void Apply(RouteMatch match, ParamSet set)
    {
        if (match.Route.ApiVersion is { } version && !(set.TryFind("apiVersion"u8, out var asked) && !asked.IsEmpty))
        {
            // A number as a number, as it is declared in the original.
            var parsed = ActionVersion.Parse(version);
            set.AddLast("apiVersion"u8, Encoding.UTF8.GetBytes(parsed.ToString()), parsed.IsNumber ? ParamKind.Json : ParamKind.Text);
        }

        for (var i = 0; i < match.Variables; i++)
        {
            // What cannot be decoded is not set, and the route still matches.
            if (PercentText.TryDecode(match.ValueAt(i), plusIsSpace: true, out var value)
                && PercentText.TryDecode(match.NameAt(i), plusIsSpace: true, out var name))
            {
                set.AddLast(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), ParamKind.Text);
            }
        }

        set.AddLast("action"u8, Encoding.UTF8.GetBytes(match.Route.Action!), ParamKind.Text);
    }
}
