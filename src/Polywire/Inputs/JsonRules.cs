using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Polywire.Json;

namespace Polywire.Inputs;

/// <summary>The validation attributes on the members of a delegate's input, found when the host starts.</summary>
/// <remarks>As with generated code, a value is checked where it was sent: what stands in for it otherwise is the application's own.</remarks>
internal sealed class JsonRules
{
    private readonly List<Member> _members = [];

    private JsonRules()
    {
    }

    /// <summary>Collects the rules of a record and of those in it.</summary>
    /// <returns><see langword="null"/> where there is nothing to check.</returns>
    /// <exception cref="InvalidOperationException">A member has a rule that only generated code can ask.</exception>
    public static JsonRules? Of(JsonTypeInfo record, PolywireJson json)
    {
        var known = new Dictionary<Type, JsonRules>();
        var rules = Collect(record, json, known);
        return known.Values.Any(one => one._members.Any(member => member.Checks.Length > 0 || member.IsRequired)) ? rules : null;
    }

    /// <summary>The validation attributes of a member, whether they stand on the property or on the constructor's parameter.</summary>
    public static IEnumerable<ValidationAttribute> AttributesOf(JsonPropertyInfo property) =>
        On(property.AttributeProvider).Concat(On(property.AssociatedParameter?.AttributeProvider));

    /// <summary>Checks what was sent.</summary>
    /// <param name="record">The input.</param>
    /// <param name="sent">What it was made of.</param>
    /// <param name="context">Takes the errors.</param>
    public void Check(object record, JsonObject sent, ActionContext context)
    {
        var errors = context.InputErrors;
        foreach (var member in _members)
        {
            if (!sent.TryGetPropertyValue(member.Name, out var node) || node is null)
            {
                if (member.IsRequired)
                {
                    errors.Missing(member.Name);
                }

                continue;
            }

            if (member.Get(record) is not { } value)
            {
                continue;
            }

            member.Check(record, value, context);
            if (member.Inner is { } inner)
            {
                errors.Enter(member.Name);
                inner.CheckInside(value, node, context);
                errors.Leave();
            }
        }
    }

    private static IEnumerable<ValidationAttribute> On(ICustomAttributeProvider? provider) =>
        provider?.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>() ?? [];

    private static JsonRules Collect(JsonTypeInfo record, PolywireJson json, Dictionary<Type, JsonRules> known)
    {
        if (known.TryGetValue(record.Type, out var rules))
        {
            return rules;
        }

        known.Add(record.Type, rules = new JsonRules());
        foreach (var property in record.Properties)
        {
            RefuseGenerated(property);
            if (property.Get is { } get)
            {
                var attributes = AttributesOf(property).ToArray();
                var inner = InnerOf(property.PropertyType, json);
                rules._members.Add(new Member(
                    property.Name,
                    get,
                    attributes.OfType<RequiredAttribute>().Any(),
                    [.. attributes.Where(attribute => attribute is not RequiredAttribute)],
                    inner is null ? null : Collect(inner, json, known)));
            }
        }

        return rules;
    }

    private static void RefuseGenerated(JsonPropertyInfo property)
    {
        var rule = Any(property.AttributeProvider) ?? Any(property.AssociatedParameter?.AttributeProvider);
        if (rule is not null)
        {
            throw new InvalidOperationException(
                $"The input '{property.Name}' of {property.DeclaringType} has {rule}, which the input of a delegate cannot have: "
                + "make the action a class with [Action], or use a ValidationAttribute or IValidatableInput.");
        }

        static string? Any(ICustomAttributeProvider? provider) =>
            provider?.GetCustomAttributes(inherit: true).Select(GeneratedRule).FirstOrDefault(text => text is not null);
    }

    // They call a type statically, which only generated code can do without reflection.
    private static string? GeneratedRule(object attribute)
    {
        var type = attribute.GetType();
        var kind = type.IsGenericType ? type.GetGenericTypeDefinition() : null;
        var name = kind == typeof(FormatAttribute<>) ? "Format" : kind == typeof(ValidateAttribute<>) ? "Validate" : null;
        return name is null ? null : $"[{name}<{type.GenericTypeArguments[0].Name}>]";
    }

    private static JsonTypeInfo? InnerOf(Type type, PolywireJson json)
    {
        var info = json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        while (info is { Kind: JsonTypeInfoKind.Enumerable, ElementType: { } item })
        {
            info = json.GetTypeInfo(item);
        }

        return info.Kind == JsonTypeInfoKind.Object && info.Type != typeof(object) ? info : null;
    }

    private void CheckInside(object value, JsonNode node, ActionContext context)
    {
        if (node is JsonObject sent)
        {
            Check(value, sent, context);
            return;
        }

        if (node is not JsonArray list || value is not System.Collections.IEnumerable items)
        {
            return;
        }

        var index = 0;
        foreach (var item in items)
        {
            if (index < list.Count && item is not null && list[index] is { } element)
            {
                context.InputErrors.EnterElement(index);
                CheckInside(item, element, context);
                context.InputErrors.Leave();
            }

            index++;
        }
    }

    private sealed record Member(string Name, Func<object, object?> Get, bool IsRequired, ValidationAttribute[] Checks, JsonRules? Inner)
    {
        public void Check(object record, object value, ActionContext context)
        {
            foreach (var check in Checks)
            {
                var name = context.InputErrors.FullName(Name);
                var around = new ValidationContext(record, name, new ServicesOnDemand(context), items: null) { MemberName = Name };
                if (check.GetValidationResult(value, around) is { } refused)
                {
                    context.InputErrors.InvalidAsSaid(Name, refused.ErrorMessage ?? context.Texts.InvalidParam(name));
                }
            }
        }
    }

    // Few attributes ask for services, and asking opens the run's scope.
    private sealed class ServicesOnDemand(ActionContext context) : IServiceProvider
    {
        public object? GetService(Type serviceType) => context.Services.GetService(serviceType);
    }
}
