using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>Describes one way to call an action: a method on a path.</summary>
internal sealed class OpenApiOperation(OpenApiSchemas schemas, OpenApiAnswers answers)
{
    /// <summary>Makes the operation.</summary>
    /// <param name="id">Unique in the document.</param>
    /// <param name="method">Lower case.</param>
    /// <param name="path">Where it is.</param>
    /// <param name="variables">The names of the path's variables in the document, in the order of <see cref="OpenApiPath.Variables"/>.</param>
    /// <param name="versions">The versions of the action that can be reached so, the one that runs if none is asked for first.</param>
    public JsonObject Create(
        string id, string method, OpenApiPath path, IReadOnlyList<string> variables, IReadOnlyList<ActionDescriptor> versions)
    {
        var action = versions[0];
        var inputs = Merge(versions);
        var parameters = new JsonArray();
        for (var i = 0; i < path.Variables.Count; i++)
        {
            parameters.Add((JsonNode)PathParameter(path.Variables[i], variables[i], inputs));
        }

        var others = inputs.Where(input => path.Variables.All(variable => variable.Name != input.Name)).ToList();
        var operation = new JsonObject { ["operationId"] = id, ["summary"] = action.Description };
        if (HasBody(method))
        {
            if (others.Count > 0)
            {
                operation["requestBody"] = Body(others);
            }
        }
        else
        {
            foreach (var input in others.Where(input => !OpenApiSchemas.IsUpload(input)))
            {
                parameters.Add((JsonNode)QueryParameter(input));
            }
        }

        if (versions.Count > 1 && path.Variables.All(variable => variable.Name != "apiVersion"))
        {
            parameters.Add((JsonNode)VersionParameter(versions));
        }

        if (parameters.Count > 0)
        {
            operation["parameters"] = parameters;
        }

        operation["responses"] = answers.Of(versions, isProtected: versions.Any(IsProtected));
        return operation;
    }

    private static bool HasBody(string method) => method is "post" or "put" or "patch";

    private static bool IsProtected(ActionDescriptor action) => action.Metadata.Any(item => item is IAuthorizeData);

    // An input of one version only, or required by one only, need not be sent.
    private static List<InputDescriptor> Merge(IReadOnlyList<ActionDescriptor> versions)
    {
        if (versions.Count == 1)
        {
            return [.. versions[0].Inputs];
        }

        return
        [
            .. versions.SelectMany(version => version.Inputs).GroupBy(input => input.Name).Select(same =>
            {
                var first = same.First();
                return same.Count() == versions.Count && same.All(OpenApiSchemas.IsRequired) ? first : new InputDescriptor(first.Name)
                {
                    Type = first.Type,
                    AllowEmpty = first.AllowEmpty,
                    HasDefault = first.HasDefault,
                    Default = first.Default,
                    Secret = first.Secret,
                    Description = first.Description,
                    Constraints = first.Constraints,
                    Members = first.Members,
                };
            }),
        ];
    }

    private JsonObject PathParameter(OpenApiPathVariable variable, string name, List<InputDescriptor> inputs)
    {
        var input = inputs.Find(input => input.Name == variable.Name);
        var schema = input is null ? new JsonObject { ["type"] = "string" } : schemas.OfInput(input);
        schema.Remove("default");
        schema.Remove("writeOnly");
        if (variable.Pattern is { } pattern && !schema.ContainsKey("pattern"))
        {
            schema["pattern"] = pattern;
        }

        var parameter = new JsonObject { ["name"] = name, ["in"] = "path", ["required"] = true };
        Describe(parameter, schema);
        if (variable.IsTail)
        {
            var words = parameter["description"]?.GetValue<string>();
            parameter["description"] = words is null ? "May have slashes in it." : $"{words} May have slashes in it.";
        }

        parameter["schema"] = schema;
        return parameter;
    }

    private JsonObject QueryParameter(InputDescriptor input)
    {
        var schema = schemas.OfInput(input);
        schema.Remove("writeOnly");
        var parameter = new JsonObject { ["name"] = input.Name, ["in"] = "query" };
        if (OpenApiSchemas.IsRequired(input))
        {
            parameter["required"] = true;
        }

        Describe(parameter, schema);
        if (input.Type == "object")
        {
            parameter["style"] = "deepObject";
            parameter["explode"] = true;
        }

        parameter["schema"] = schema;
        return parameter;
    }

    private static JsonObject VersionParameter(IReadOnlyList<ActionDescriptor> versions) => new()
    {
        ["name"] = "apiVersion",
        ["in"] = "query",
        ["description"] = "Which version of the action runs.",
        ["schema"] = new JsonObject
        {
            ["type"] = "string",
            ["enum"] = new JsonArray([.. versions.Select(version => (JsonNode)version.Version.ToString())]),
            ["default"] = versions[0].Version.ToString(),
        },
    };

    private JsonObject Body(List<InputDescriptor> inputs) => new()
    {
        ["required"] = inputs.Any(OpenApiSchemas.IsRequired),
        ["content"] = new JsonObject
        {
            [inputs.Any(OpenApiSchemas.IsUpload) ? "multipart/form-data" : "application/json"] =
                new JsonObject { ["schema"] = schemas.OfInputs(inputs) },
        },
    };

    // The words of an input stand beside its schema, where readers look for them.
    private static void Describe(JsonObject parameter, JsonObject schema)
    {
        if (schema.Remove("description", out var words) && words is not null)
        {
            parameter["description"] = words.DeepClone();
        }
    }
}
