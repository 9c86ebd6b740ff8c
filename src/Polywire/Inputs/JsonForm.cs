using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Polywire.Binding;
using Polywire.Json;
using Polywire.Params;

namespace Polywire.Inputs;

/// <summary>What a value of a delegate's input has to look like, at any depth; makes it so before it is deserialised.</summary>
/// <remarks>
/// Converts as generated code does what JSON's own metadata would refuse: enums by name, times in milliseconds, truth in words. Takes the
/// members that a record has by their exact names, and finds the required ones that are missing.
/// </remarks>
internal sealed class JsonForm
{
    private static readonly JsonForm Anything = new(ValueKind.Any);

    private readonly ValueKind _kind;
    private readonly Dictionary<string, decimal> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, decimal> _namesInAnyCase = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Member> _members = [];
    private JsonForm _element = null!;

    private JsonForm(ValueKind kind) => _kind = kind;

    private enum ValueKind
    {
        Any,
        Text,
        Boolean,
        Enum,
        Instant,
        Time,
        Record,
        List,
        Table,
    }

    /// <summary>Whether it is an enum that JSON's metadata knows as a number.</summary>
    public bool IsEnum => _kind == ValueKind.Enum;

    /// <summary>The names of the enum's members, as they are declared.</summary>
    public IEnumerable<string> EnumNames => _names.Keys;

    /// <summary>The form of a member's value.</summary>
    public static JsonForm Of(JsonPropertyInfo property, PolywireJson json) => Of(property, json, []);

    /// <summary>Whether a member has to be sent.</summary>
    public static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired
        || property.AssociatedParameter is { HasDefaultValue: false, IsNullable: false }
        || JsonRules.AttributesOf(property).OfType<RequiredAttribute>().Any();

    /// <summary>Whether <c>""</c> is good enough for a required member.</summary>
    public static bool AllowsEmpty(JsonPropertyInfo property) =>
        JsonRules.AttributesOf(property).OfType<RequiredAttribute>().Any(required => required.AllowEmptyStrings);

    /// <summary>Whether a member can be null.</summary>
    public static bool AllowsNull(JsonPropertyInfo property) =>
        property.IsSetNullable
        || (!property.PropertyType.IsValueType && !property.IsRequired)
        || Nullable.GetUnderlyingType(property.PropertyType) is not null;

    /// <summary>Whether a member of a record can be sent.</summary>
    public static bool IsInput(JsonPropertyInfo property) =>
        (property.Set is not null || property.AssociatedParameter is not null)
        && property.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
            is not [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.Always or JsonIgnoreCondition.WhenReading }, ..];

    /// <summary>Brings a JSON value that is not null into form.</summary>
    /// <param name="name">The name of the input.</param>
    /// <param name="value">The value as it was sent.</param>
    /// <param name="errors">Takes what is missing or wrong.</param>
    /// <returns>The value to deserialise; <see langword="null"/> if it is wrong.</returns>
    public JsonNode? Fit(string name, JsonElement value, InputErrors errors)
    {
        var before = errors.Count;
        errors.Enter(name);
        var isGood = TryFit(value, errors, out var node);
        errors.Leave();
        if (!isGood && errors.Count == before)
        {
            errors.Invalid(name);
        }

        return node;
    }

    /// <summary>Brings a text of a text transport into form: the value itself, or the one item of a list.</summary>
    /// <inheritdoc cref="Fit(string, JsonElement, InputErrors)"/>
    public JsonNode? Fit(string name, string value, InputErrors errors)
    {
        var (form, isList) = _kind == ValueKind.List ? (_element, true) : (this, false);
        if (form._kind is ValueKind.Record or ValueKind.Table or ValueKind.List || !form.TryFit(value, isText: true, out var node))
        {
            errors.Invalid(name);
            return null;
        }

        return isList ? new JsonArray(node) : node;
    }

    private static JsonForm Of(JsonPropertyInfo property, PolywireJson json, Dictionary<Type, JsonForm> known) =>
        property.CustomConverter is null ? Of(property.PropertyType, json, known) : Anything;

    private static JsonForm Of(Type declared, PolywireJson json, Dictionary<Type, JsonForm> known)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (known.TryGetValue(type, out var form))
        {
            return form;
        }

        var info = json.GetTypeInfo(type);
        if (info.Converter.GetType().Assembly != typeof(JsonSerializer).Assembly || info.PolymorphismOptions is not null)
        {
            return known[type] = Anything;
        }

        form = new JsonForm(KindOf(info, json));
        known.Add(type, form);
        switch (form._kind)
        {
            case ValueKind.Enum:
                foreach (var name in Enum.GetNames(type))
                {
                    var value = Convert.ToDecimal(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture);
                    form._names.Add(name, value);
                    form._namesInAnyCase.TryAdd(name, value);
                }

                break;
            case ValueKind.List or ValueKind.Table:
                form._element = Of(info.ElementType!, json, known);
                break;
            case ValueKind.Record:
                form._members.AddRange(info.Properties.Where(IsInput).Select(property => new Member(
                    property.Name, IsRequired(property), AllowsEmpty(property), AllowsNull(property), Of(property, json, known))));
                break;
        }

        return form;
    }

    private static ValueKind KindOf(JsonTypeInfo info, PolywireJson json)
    {
        var type = info.Type;
        return info.Kind switch
        {
            JsonTypeInfoKind.Object when type == typeof(object) || info.Properties.Any(property => property.IsExtensionData) => ValueKind.Any,
            JsonTypeInfoKind.Object => ValueKind.Record,
            JsonTypeInfoKind.Enumerable when info.ElementType is not null => ValueKind.List,
            JsonTypeInfoKind.Dictionary when info.ElementType is not null => ValueKind.Table,
            _ when type == typeof(string) => ValueKind.Text,
            _ when type == typeof(bool) => ValueKind.Boolean,
            _ when type == typeof(DateTimeOffset) => ValueKind.Instant,
            _ when type == typeof(DateTime) => ValueKind.Time,
            _ when type.IsEnum && JsonInput.IsNumber(type, json) => ValueKind.Enum,
            _ => ValueKind.Any,
        };
    }

    private bool TryFit(JsonElement value, InputErrors errors, out JsonNode? node)
    {
        node = null;
        switch (_kind)
        {
            case ValueKind.Any:
                node = AsNode(value);
                return true;
            case ValueKind.Record:
                return value.ValueKind == JsonValueKind.Object && FitMembers(value, errors, out node);
            case ValueKind.List:
                return value.ValueKind == JsonValueKind.Array && FitItems(value, errors, out node);
            case ValueKind.Table:
                return value.ValueKind == JsonValueKind.Object && FitValues(value, errors, out node);
        }

        var isText = value.ValueKind == JsonValueKind.String;
        if (_kind == ValueKind.Enum && value.ValueKind == JsonValueKind.Number)
        {
            node = AsNode(value);
            return true;
        }

        return value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null)
            && TryFit(isText ? value.GetString()! : value.GetRawText(), isText, out node);
    }

    private bool TryFit(string text, bool isText, out JsonNode? node)
    {
        node = null;
        var reader = default(InputReader);
        var value = new InputValue(new ParamValue(Encoding.UTF8.GetBytes(text), ParamKind.Text));
        switch (_kind)
        {
            case ValueKind.Any or ValueKind.Text:
                node = JsonValue.Create(text);
                break;
            case ValueKind.Boolean when InputConvert.ToBoolean(ref reader, value, out var truth):
                node = JsonValue.Create(truth);
                break;
            case ValueKind.Instant when InputConvert.ToDateTimeOffset(ref reader, value, out var instant):
                node = JsonValue.Create(instant);
                break;
            case ValueKind.Time when InputConvert.ToDateTime(ref reader, value, out var time):
                node = JsonValue.Create(time);
                break;
            case ValueKind.Enum when isText && (_names.TryGetValue(text, out var number) || _namesInAnyCase.TryGetValue(text, out number)):
                node = JsonValue.Create(number);
                break;
        }

        return node is not null;
    }

    private bool FitMembers(JsonElement sent, InputErrors errors, out JsonNode? node)
    {
        var before = errors.Count;
        var record = new JsonObject();
        foreach (var member in _members)
        {
            // The last of equal names counts.
            var isThere = sent.TryGetProperty(member.Name, out var value);
            if (!isThere || value.ValueKind == JsonValueKind.Null || (member.IsRequired && !member.AllowsEmpty && errors.CountsEmpty && IsEmpty(value)))
            {
                if (member.IsRequired)
                {
                    errors.Missing(member.Name);
                }
                else if (isThere && member.AllowsNull)
                {
                    record.Add(member.Name, null);
                }
            }
            else
            {
                record.Add(member.Name, member.Form.Fit(member.Name, value, errors));
            }
        }

        node = record;
        return errors.Count == before;
    }

    private bool FitItems(JsonElement list, InputErrors errors, out JsonNode? node)
    {
        var isGood = true;
        var items = new JsonArray();
        foreach (var item in list.EnumerateArray())
        {
            JsonNode? fitted = null;
            if (item.ValueKind != JsonValueKind.Null)
            {
                errors.EnterElement(items.Count);
                isGood &= _element.TryFit(item, errors, out fitted);
                errors.Leave();
            }

            items.Add(fitted);
        }

        node = items;
        return isGood;
    }

    private bool FitValues(JsonElement table, InputErrors errors, out JsonNode? node)
    {
        var isGood = true;
        var values = new JsonObject();
        foreach (var property in table.EnumerateObject())
        {
            JsonNode? fitted = null;
            if (property.Value.ValueKind != JsonValueKind.Null)
            {
                errors.Enter(property.Name);
                isGood &= _element.TryFit(property.Value, errors, out fitted);
                errors.Leave();
            }

            values[property.Name] = fitted;
        }

        node = values;
        return isGood;
    }

    private static JsonNode? AsNode(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Object => JsonObject.Create(value),
            JsonValueKind.Array => JsonArray.Create(value),
            _ => JsonValue.Create(value),
        };

    private static bool IsEmpty(JsonElement value) => value.ValueKind == JsonValueKind.String && value.ValueEquals(""u8);

    private sealed record Member(string Name, bool IsRequired, bool AllowsEmpty, bool AllowsNull, JsonForm Form);
}
