using System.Text;
using System.Text.Json.Nodes;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>Describes what actions answer, and collects the schemas that this takes.</summary>
/// <param name="web">Says what stands around an answer.</param>
/// <param name="isProduction">Decides what the settings leave open.</param>
internal sealed class OpenApiAnswers(WebOptions web, bool isProduction)
{
    private const string Schemas = "#/components/schemas/";

    private readonly Dictionary<ActionDescriptor, string> _names = [];
    private readonly JsonObject _schemas = new()
    {
        ["Envelope"] = Envelope(web, isProduction),
        ["Error"] = Error(web, isProduction),
    };

    /// <summary>The components that the answers refer to; complete once all answers are described.</summary>
    public JsonObject Components => new()
    {
        ["schemas"] = _schemas,
        ["responses"] = new JsonObject
        {
            ["Error"] = new JsonObject { ["description"] = "The action did not run, or failed.", ["content"] = Content(Reference("Error")) },
        },
    };

    /// <summary>The answers of an action.</summary>
    /// <param name="versions">The versions that may answer.</param>
    /// <param name="isProtected">Whether one has to be somebody to run it.</param>
    public JsonObject Of(IReadOnlyList<ActionDescriptor> versions, bool isProtected)
    {
        var possible = versions.Select(Answer).ToList();
        var answers = new JsonObject
        {
            ["200"] = possible.Contains(null)
                ? new JsonObject { ["description"] = "The answer.", ["content"] = new JsonObject { ["*/*"] = new JsonObject() } }
                : new JsonObject
                {
                    ["description"] = "The answer.",
                    ["content"] = Content(possible is [var only] ? only! : new JsonObject { ["anyOf"] = new JsonArray([.. possible]) }),
                },
        };
        foreach (var status in isProtected ? new[] { "401", "403" } : [])
        {
            answers[status] = new JsonObject { ["$ref"] = "#/components/responses/Error" };
        }

        answers["default"] = new JsonObject { ["$ref"] = "#/components/responses/Error" };
        return answers;
    }

    // Null where the answer may be anything: a file, a text, or an object.
    private JsonObject? Answer(ActionDescriptor action)
    {
        if (action.OutputType == typeof(ActionResult))
        {
            return null;
        }

        if (action.OutputTypeInfo is null)
        {
            return Reference("Envelope");
        }

        var name = NameOf(action);
        return IsObject(_schemas[name]!)
            ? new JsonObject { ["allOf"] = new JsonArray(Reference(name), Reference("Envelope")) }
            : Reference(name);
    }

    private string NameOf(ActionDescriptor action)
    {
        if (_names.TryGetValue(action, out var known))
        {
            return known;
        }

        // Names of components have letters, digits, dots, dashes and underscores.
        var text = new StringBuilder();
        foreach (var rune in action.Name)
        {
            text.Append(char.IsAsciiLetterOrDigit(rune) || rune is '-' or '_' ? rune : '_');
        }

        var name = text.Append(".v").Append(action.Version.ToString().Replace(' ', '_')).ToString();
        for (var number = 2; _schemas.ContainsKey(name); number++)
        {
            name = $"{text}_{number}";
        }

        _schemas[name] = OpenApiSchemas.OfOutput(action.OutputTypeInfo!, Schemas + name);
        _names[action] = name;
        return name;
    }

    private static bool IsObject(JsonNode schema) => schema["type"] switch
    {
        JsonArray several => several.Any(type => type!.GetValue<string>() == "object"),
        JsonValue one => one.GetValue<string>() == "object",
        _ => true,
    };

    private static JsonObject Reference(string name) => new() { ["$ref"] = Schemas + name };

    private static JsonObject Content(JsonNode schema) => new() { ["application/json"] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Text(string? format = null)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (format is not null)
        {
            schema["format"] = format;
        }

        return schema;
    }

    private static JsonObject Envelope(WebOptions web, bool isProduction)
    {
        var members = new JsonObject();
        if (web.MetadataOptions.ServerInformation ?? !isProduction)
        {
            members["serverInformation"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["serverName"] = Text(),
                    ["apiVersion"] = Text(),
                    ["requestDuration"] = new JsonObject { ["type"] = "integer", ["description"] = "In milliseconds." },
                    ["currentTime"] = new JsonObject { ["type"] = "integer", ["description"] = "Milliseconds since 1970." },
                },
            };
        }

        if (web.MetadataOptions.RequesterInformation ?? !isProduction)
        {
            members[web.Legacy ? "requestorInformation" : "requesterInformation"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["id"] = Text(),
                    ["fingerprint"] = Text(),
                    ["messageId"] = Text("uuid"),
                    [web.Legacy ? "remoteAddress" : "remoteIP"] = Text(),
                    [web.Legacy ? "recievedParams" : "receivedParams"] = new JsonObject { ["type"] = "object" },
                },
            };
        }

        return new JsonObject { ["type"] = "object", ["properties"] = members };
    }

    private static JsonObject Error(WebOptions web, bool isProduction)
    {
        var schema = Envelope(web, isProduction);
        ((JsonObject)schema["properties"]!).Insert(0, "error", new JsonObject
        {
            ["description"] = "A text, or the object that the action failed with.",
            ["anyOf"] = new JsonArray(Text(), new JsonObject { ["type"] = "object", ["additionalProperties"] = true }),
        });
        schema["required"] = new JsonArray("error");
        return schema;
    }
}
