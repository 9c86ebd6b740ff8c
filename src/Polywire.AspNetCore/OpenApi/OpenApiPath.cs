using System.Text;
using Polywire.AspNetCore.Http.Routing;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>A route's path as OpenAPI writes it, and what is known of its variables.</summary>
/// <param name="Template">With the prefix: <c>/api/users/{id}</c>.</param>
/// <param name="Variables">In their order.</param>
internal sealed record OpenApiPath(string Template, IReadOnlyList<OpenApiPathVariable> Variables)
{
    /// <summary>The same for all paths that differ in the names of their variables alone, which OpenAPI takes for one.</summary>
    public string Shape { get; private init; } = Template;

    /// <summary>The path that an action's name is; nothing in the name has a meaning.</summary>
    public static OpenApiPath OfName(string prefix, string name) =>
        new($"{prefix}/{name.Replace("{", "%7B", StringComparison.Ordinal).Replace("}", "%7D", StringComparison.Ordinal)}", []);

    /// <summary>Translates the path of a route.</summary>
    /// <param name="prefix">Of all actions, with a slash in front and none at the end; may be empty.</param>
    /// <param name="path">As it was declared.</param>
    /// <param name="matchTrailingPathParts">Whether the last part takes all that follows.</param>
    public static OpenApiPath Of(string prefix, string path, bool matchTrailingPathParts)
    {
        var parts = RoutePathParser.Parse(path, TimeSpan.FromSeconds(1), out var isCatchAll);
        var template = new StringBuilder(prefix);
        var shape = new StringBuilder(prefix);
        var variables = new List<OpenApiPathVariable>();
        for (var i = 0; i < parts.Length; i++)
        {
            var part = parts[i];
            template.Append('/').Append(part.Literal);
            shape.Append('/').Append(part.Literal);
            if (part.Variable is { } name)
            {
                template.Append('{').Append(name).Append('}');
                shape.Append("{}");
                variables.Add(new OpenApiPathVariable(
                    name, part.Pattern?.ToString(), IsTail: i == parts.Length - 1 && (isCatchAll || matchTrailingPathParts)));
            }
        }

        return template.Length == 0
            ? new OpenApiPath("/", variables)
            : new OpenApiPath(template.ToString(), variables) { Shape = shape.ToString() };
    }
}

/// <summary>A variable in a path.</summary>
/// <param name="Name">Its name, which is an input's.</param>
/// <param name="Pattern">What its text must contain; null for anything.</param>
/// <param name="IsTail">Whether it takes all that follows, slashes included.</param>
internal sealed record OpenApiPathVariable(string Name, string? Pattern, bool IsTail);
