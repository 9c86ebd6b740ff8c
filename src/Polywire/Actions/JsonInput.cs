using System.ComponentModel.DataAnnotations;
using System.Reflection;
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
    private readonly bool _isFile;

    private JsonInput(JsonPropertyInfo property, PolywireJson json)
    {
        var type = property.PropertyType;
        Descriptor = Describe(property, json, [property.DeclaringType]);
        _kind = json.GetTypeInfo(type).Kind;
        _isFile = type == typeof(UploadedFile);
        _isText = Descriptor.Type == "string" && !_isFile;
        _isBoolean = Descriptor.Type == "boolean";
        _allowsNull = property.IsSetNullable || (!type.IsValueType && !property.IsRequired) || Nullable.GetUnderlyingType(type) is not null;
    }

    public InputDescriptor Descriptor { get; }

    public static IReadOnlyList<JsonInput> Of(JsonTypeInfo info, PolywireJson json) =>
        [.. info.Properties.Where(IsInput).Select(property => new JsonInput(property, json))];

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

        if (_isFile)
        {
            if (value.Upload is UploadedFile file)
            {
                values[Descriptor.Name] = JsonValue.Create(UploadedFileConverter.Carry(file));
            }
            else
            {
                errors.Invalid(Descriptor.Name);
            }
        }
        else if (ToNode(value) is { } node)
        {
            values[Descriptor.Name] = node;
        }
        else
        {
            errors.Invalid(Descriptor.Name);
        }
    }

    private static bool IsInput(JsonPropertyInfo property) => property.Set is not null || property.AssociatedParameter is not null;

    /// <param name="property">The member.</param>
    /// <param name="json">Knows its type.</param>
    /// <param name="around">The types that it is a member of, the nearest last: one that comes again is not walked again.</param>
    private static InputDescriptor Describe(JsonPropertyInfo property, PolywireJson json, IReadOnlyList<Type> around)
    {
        var parameter = property.AssociatedParameter;
        if (property.PropertyType == typeof(UploadedFile))
        {
            return new InputDescriptor(property.Name)
            {
                Type = "string",
                Required = property.IsRequired || parameter is { HasDefaultValue: false, IsNullable: false },
                Secret = IsMarkedSecret(property),
                Constraints = new Dictionary<string, object> { ["format"] = "binary" },
            };
        }

        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(json.Options, property.PropertyType) as JsonObject;
        var record = RecordIn(property.PropertyType, json, out var isTable);
        var again = record is not null && around.Contains(record.Type);
        var type = schema?["type"] switch
        {
            JsonArray several => several.Select(node => node!.GetValue<string>()).FirstOrDefault(name => name is not ("null" or "string"))
                ?? several[0]!.GetValue<string>(),
            JsonValue one => one.GetValue<string>(),
            _ => "any",
        };
        return new InputDescriptor(property.Name)
        {
            Type = type,
            Required = property.IsRequired || parameter is { HasDefaultValue: false, IsNullable: false }
                || JsonRules.AttributesOf(property).OfType<RequiredAttribute>().Any(),
            HasDefault = parameter?.HasDefaultValue == true && parameter.DefaultValue is not null,
            Default = parameter?.DefaultValue,

            Constraints = JsonConstraints.Of(JsonRules.AttributesOf(property), schema?["enum"] as JsonArray, type),

            // What cannot be described member by member, a tree or a table by key, is secret as a whole if anything in it is.
            Secret = IsMarkedSecret(property) || (record is not null && (again || isTable) && HasSecret(record, json, [])),
            Members = record is null || again || isTable
                ? []
                : [.. record.Properties.Where(IsInput).Select(member => Describe(member, json, [.. around, record.Type]))],
        };
    }

    private static bool IsMarkedSecret(JsonPropertyInfo property) =>
        property.AttributeProvider?.IsDefined(typeof(SecretAttribute), inherit: true) == true
        || property.AssociatedParameter?.AttributeProvider?.IsDefined(typeof(SecretAttribute), inherit: true) == true;

    private static bool HasSecret(JsonTypeInfo record, PolywireJson json, HashSet<Type> seen) =>
        seen.Add(record.Type) && record.Properties.Any(property =>
            IsMarkedSecret(property) || (RecordIn(property.PropertyType, json, out _) is { } inner && HasSecret(inner, json, seen)));

    // The record that a member is, or that its items are.
    private static JsonTypeInfo? RecordIn(Type type, PolywireJson json, out bool isTable)
    {
        isTable = false;
        var info = json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        while (info.ElementType is { } item)
        {
            isTable |= info.Kind == JsonTypeInfoKind.Dictionary;
            info = json.GetTypeInfo(item);
        }

        return info.Kind == JsonTypeInfoKind.Object && info.Type != typeof(object) ? info : null;
    }

    private JsonNode? ToNode(ParamValue value)
    {
        if (value.Kind != ParamKind.Text)
        {
            // A number is good enough for a text, as it is the other way round.
            return _isText && value.Bytes[0] is not ((byte)'{' or (byte)'[')
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
