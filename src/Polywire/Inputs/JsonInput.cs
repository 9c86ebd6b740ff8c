using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.Inputs;

/// <summary>One input of a delegate's input type, known from its JSON metadata alone.</summary>
internal sealed class JsonInput
{
    private readonly JsonTypeInfoKind _kind;
    private readonly bool _isText;
    private readonly JsonForm _form;
    private readonly bool _allowsNull;
    private readonly bool _isFile;

    private JsonInput(JsonPropertyInfo property, PolywireJson json)
    {
        var type = property.PropertyType;
        Descriptor = Describe(property, json, [property.DeclaringType]);
        _kind = json.GetTypeInfo(type).Kind;
        _isFile = type == typeof(UploadedFile);
        _form = JsonForm.Of(property, json);
        _isText = Descriptor.Type == "string" && !_isFile && !_form.IsEnum;
        _allowsNull = JsonForm.AllowsNull(property);
    }

    public InputDescriptor Descriptor { get; }

    public static IReadOnlyList<JsonInput> Of(JsonTypeInfo info, PolywireJson json) =>
        [.. info.Properties.Where(JsonForm.IsInput).Select(property => new JsonInput(property, json))];

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

        if (Descriptor.Required && !Descriptor.AllowEmpty && errors.CountsEmpty && value.IsEmpty)
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
        else
        {
            values[Descriptor.Name] = Fit(value, errors);
        }
    }

    /// <summary>Whether JSON's metadata knows an enum as a number.</summary>
    public static bool IsNumber(Type type, PolywireJson json) =>
        JsonSchemaExporter.GetJsonSchemaAsNode(json.Options, type) is JsonObject schema
        && schema["type"] is JsonValue word && word.GetValueKind() == JsonValueKind.String && word.GetValue<string>() == "integer";

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
                Required = JsonForm.IsRequired(property),
                Secret = IsMarkedSecret(property),
                Constraints = new Dictionary<string, object> { ["format"] = "binary" },
            };
        }

        var schema = JsonSchemaExporter.GetJsonSchemaAsNode(json.Options, property.PropertyType) as JsonObject;
        var record = RecordIn(property.PropertyType, json, out var isTable);
        var again = record is not null && around.Contains(record.Type);
        var type = WordIn(schema) ?? "any";
        var names = schema?["enum"] as JsonArray;
        if (JsonForm.Of(property, json) is { IsEnum: true } form)
        {
            type = "string";
            names = new JsonArray([.. form.EnumNames.Select(name => (JsonNode)JsonValue.Create(name)!)]);
        }

        return new InputDescriptor(property.Name)
        {
            Type = type,
            ItemType = type == "array" ? WordIn(schema?["items"]) : null,
            Required = JsonForm.IsRequired(property),
            AllowEmpty = JsonForm.AllowsEmpty(property),
            HasDefault = parameter?.HasDefaultValue == true && parameter.DefaultValue is not null,
            Default = parameter?.DefaultValue,

            Constraints = JsonConstraints.Of(JsonRules.AttributesOf(property), names, type),

            // What cannot be described member by member, a tree or a table by key, is secret as a whole if anything in it is.
            Secret = IsMarkedSecret(property) || (record is not null && (again || isTable) && HasSecret(record, json, [])),
            Members = record is null || again || isTable
                ? []
                : [.. record.Properties.Where(JsonForm.IsInput).Select(member => Describe(member, json, [.. around, record.Type]))],
        };
    }

    // Numbers may come as texts and most things may be null: what is left is the type.
    private static string? WordIn(JsonNode? schema) =>
        (schema as JsonObject)?["type"] switch
        {
            JsonArray several => several.Select(node => node!.GetValue<string>()).FirstOrDefault(name => name is not ("null" or "string"))
                ?? several[0]!.GetValue<string>(),
            JsonValue one => one.GetValue<string>(),
            _ => null,
        };

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

    private JsonNode? Fit(ParamValue value, InputErrors errors)
    {
        if (value.Kind != ParamKind.Text)
        {
            return _form.Fit(Descriptor.Name, Parse(value.Bytes), errors);
        }

        var text = Encoding.UTF8.GetString(value.Bytes);
        if (_kind is JsonTypeInfoKind.Object or JsonTypeInfoKind.Dictionary or JsonTypeInfoKind.Enumerable
            && text.AsSpan().TrimStart() is ['{' or '[', ..])
        {
            try
            {
                return _form.Fit(Descriptor.Name, Parse(value.Bytes), errors);
            }
            catch (JsonException)
            {
                errors.Invalid(Descriptor.Name);
                return null;
            }
        }

        return _form.Fit(Descriptor.Name, text, errors);
    }

    private static JsonElement Parse(ReadOnlySpan<byte> text)
    {
        var json = text.ToArray();
        LoneSurrogates.Replace(json);
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
