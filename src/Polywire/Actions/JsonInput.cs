using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Polywire.Binding;
using Polywire.Json;

namespace Polywire;

/// <summary>One input of a delegate's input type, known from its JSON metadata alone.</summary>
internal sealed class JsonInput
{
    private readonly JsonTypeInfoKind _kind;
    private readonly bool _isText;
    private readonly bool _isBoolean;
    private readonly bool _allowsNull;

    private JsonInput(JsonPropertyInfo property, PolywireJson json)
    {
        var type = property.PropertyType;
        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(json.Options, type) as JsonObject;
        var jsonType = schema?["type"] switch
        {
            JsonArray several => several.Select(node => node!.GetValue<string>()).FirstOrDefault(name => name is not ("null" or "string"))
                ?? several[0]!.GetValue<string>(),
            JsonValue one => one.GetValue<string>(),
            _ => "any",
        };
        _kind = json.GetTypeInfo(type).Kind;
        _isText = jsonType == "string";
        _isBoolean = jsonType == "boolean";
        _allowsNull = property.IsSetNullable || (!type.IsValueType && !property.IsRequired) || Nullable.GetUnderlyingType(type) is not null;
        Descriptor = new InputDescriptor(property.Name)
        {
            Type = jsonType,
            Required = property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false },
            HasDefault = property.AssociatedParameter?.HasDefaultValue == true && property.AssociatedParameter.DefaultValue is not null,
            Default = property.AssociatedParameter?.DefaultValue,
        };
    }

    public InputDescriptor Descriptor { get; }

    public static IReadOnlyList<JsonInput> Of(JsonTypeInfo info, PolywireJson json) =>
        [.. info.Properties
            .Where(property => property.Set is not null || property.AssociatedParameter is not null)
            .Select(property => new JsonInput(property, json))];

    /// <summary>The first name of a JSON path such as <c>$.a.b</c>.</summary>
    public static string NameOf(string? path) => path is { Length: > 2 } ? path[2..] : "input";

    /// <summary>Puts the value among <paramref name="values"/>, or the problem among <paramref name="errors"/>.</summary>
    public void Read(ActionParams parameters, JsonObject values, InputErrors errors)
    {
        var sent = parameters.TryFind(Descriptor, out var value);
        if (!sent || value.IsNull || (value.Kind == ParamKind.Text && value.IsEmpty && !_isText))
        {
            if (Descriptor.Required)
            {
                errors.Missing(Descriptor.Name);
            }
            else if (sent && value.IsNull && _allowsNull)
            {
                values[Descriptor.Name] = null;
            }

            return;
        }

        if (Descriptor.Required && value.IsEmpty)
        {
            errors.Missing(Descriptor.Name);
            return;
        }

        if (ToNode(value) is { } node)
        {
            values[Descriptor.Name] = node;
        }
        else
        {
            errors.Invalid(Descriptor.Name);
        }
    }

    private JsonNode? ToNode(ParamValue value)
    {
        if (value.Kind == ParamKind.Json)
        {
            // A number is good enough for a text, as it is the other way round.
            return _isText && value.Bytes[0] != (byte)'"' && value.Bytes[0] is not ((byte)'{' or (byte)'[')
                ? JsonValue.Create(value.GetText())
                : JsonNode.Parse(value.Bytes);
        }

        var text = Encoding.UTF8.GetString(value.Bytes);
        if (_isBoolean)
        {
            return text switch
            {
                "true" or "1" => JsonValue.Create(true),
                "false" or "0" => JsonValue.Create(false),
                _ => null,
            };
        }

        if (_kind is not (JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable))
        {
            return JsonValue.Create(text);
        }

        try
        {
            return text.AsSpan().TrimStart() is ['{' or '[', ..] ? Parse(value.Bytes)
                : _kind == JsonTypeInfoKind.Enumerable ? new JsonArray(JsonValue.Create(text))
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static JsonNode? Parse(ReadOnlySpan<byte> text)
    {
        var json = text.ToArray();
        LoneSurrogates.Replace(json);
        return JsonNode.Parse(json);
    }
}
