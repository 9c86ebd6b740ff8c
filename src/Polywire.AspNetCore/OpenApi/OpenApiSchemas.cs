using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Polywire.Json;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>JSON Schemas of inputs and answers.</summary>
internal sealed class OpenApiSchemas(PolywireJson json)
{
    /// <summary>The word for an upload among the limits of an input.</summary>
    private const string Binary = "binary";

    private static readonly JsonSchemaExporterOptions Exporter = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = AsWritten };

    /// <summary>Whether an input is an upload, so that only a multipart body can have it.</summary>
    public static bool IsUpload(InputDescriptor input) => input.Constraints.TryGetValue("format", out var format) && format is Binary;

    /// <summary>An object with inputs as its members.</summary>
    public JsonObject OfInputs(IReadOnlyList<InputDescriptor> inputs)
    {
        var members = new JsonObject();
        var required = new JsonArray();
        foreach (var input in inputs)
        {
            members[input.Name] = OfInput(input);
            if (IsRequired(input))
            {
                required.Add((JsonNode)input.Name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = members };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        return schema;
    }

    /// <summary>Whether a request without it is refused.</summary>
    public static bool IsRequired(InputDescriptor input) => input is { Required: true, HasDefault: false };

    /// <summary>One input.</summary>
    public JsonObject OfInput(InputDescriptor input)
    {
        var schema = new JsonObject();
        if (input.Members.Count > 0)
        {
            schema = OfInputs(input.Members);
            if (input.Type == "array")
            {
                schema = new JsonObject { ["type"] = "array", ["items"] = schema };
            }
        }
        else if (input.Type != "any")
        {
            schema["type"] = input.Type;
            if (input.ItemType is { } item)
            {
                schema["items"] = new JsonObject { ["type"] = item };
            }
        }

        if (input.Description is not null)
        {
            schema["description"] = input.Description;
        }

        if (input is { HasDefault: true, Default: not null, Secret: false })
        {
            schema["default"] = ToNode(input.Default);
        }

        foreach (var (word, limit) in input.Constraints)
        {
            schema[word] = ToNode(limit);
        }

        // An empty text counts as not sent, and so is refused.
        if (IsRequired(input) && input is { Type: "string", AllowEmpty: false } && !schema.ContainsKey("minLength") && !IsUpload(input))
        {
            schema["minLength"] = 1;
        }

        if (input.Secret)
        {
            schema["writeOnly"] = true;
        }

        return schema;
    }

    /// <summary>The answer of an action: what is written, where inputs say what is read. So a number is no text.</summary>
    /// <param name="type">How the answer is written.</param>
    /// <param name="pointer">Where the schema will stand in the document, <c>#/components/schemas/NAME</c>.</param>
    public static JsonObject OfOutput(JsonTypeInfo type, string pointer)
    {
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(type, Exporter);
        return Adapt(schema, pointer);
    }

    // The exporter says what is read, where numbers may come as texts. They are written as texts where the type says so, and nowhere else.
    private static JsonNode AsWritten(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject members
            || members["type"] is not JsonArray types
            || !types.Any(IsText)
            || !types.Any(static type => type is JsonValue && type.GetValue<string>() is "number" or "integer"))
        {
            return schema;
        }

        var handling = context.PropertyInfo?.NumberHandling ?? context.TypeInfo.NumberHandling ?? context.TypeInfo.Options.NumberHandling;
        var isText = (handling & JsonNumberHandling.WriteAsString) != 0;
        string[] left = [.. types.Select(static type => type!.GetValue<string>()).Where(type => type == "null" || (type == "string") == isText)];
        members["type"] = left is [var only] ? only : new JsonArray([.. left.Select(static type => (JsonNode)type)]);
        if (!isText)
        {
            members.Remove("pattern");
        }

        return members;

        static bool IsText(JsonNode? type) => type is JsonValue && type.GetValue<string>() == "string";
    }

    // The exporter's references are from the root of its own schema, and where anything goes it says true, which not every reader takes.
    private static JsonObject Adapt(JsonNode schema, string pointer)
    {
        if (schema is not JsonObject members)
        {
            return new JsonObject();
        }

        foreach (var (word, value) in members.ToList())
        {
            switch (word)
            {
                case "$ref" when value is JsonValue && value.GetValue<string>() is ['#', ..] reference:
                    members[word] = pointer + reference[1..];
                    break;
                case "properties" or "$defs" or "patternProperties" when value is JsonObject named:
                    foreach (var (name, inner) in named.ToList())
                    {
                        named[name] = Adapt(Detach(inner), pointer);
                    }

                    break;
                case "items" or "not":
                    members[word] = Adapt(Detach(value), pointer);
                    break;
                case "additionalProperties" when value is JsonObject:
                    members[word] = Adapt(Detach(value), pointer);
                    break;
                case "anyOf" or "oneOf" or "allOf" or "prefixItems" when value is JsonArray several:
                    for (var i = 0; i < several.Count; i++)
                    {
                        several[i] = Adapt(Detach(several[i]), pointer);
                    }

                    break;
            }
        }

        return members;
    }

    private static JsonNode Detach(JsonNode? node) => node?.DeepClone() ?? new JsonObject();

    private JsonNode? ToNode(object value) => JsonSerializer.SerializeToNode(value, json.GetTypeInfo(value.GetType()));
}
