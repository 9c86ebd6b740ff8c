using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Finds, for a type, the method that makes values of it; writes one where the library has none.</summary>
internal sealed class TypeBinder(ParseContext context, RecordParser records)
{
    private const string Convert = "InputConvert.";

    private static readonly Dictionary<string, BoundType> Plain = new(StringComparer.Ordinal)
    {
        ["System.String"] = new(Convert + "ToText", "string") { Shape = ValueShape.Text, IsText = true, Count = "{0}.Length" },
        ["System.Boolean"] = new(Convert + "ToBoolean", "boolean") { Shape = ValueShape.Boolean },
        ["System.Char"] = new(Convert + "ToChar", "string") { Shape = ValueShape.Character },
        ["System.SByte"] = Integer("sbyte"),
        ["System.Byte"] = Integer("byte"),
        ["System.Int16"] = Integer("short"),
        ["System.UInt16"] = Integer("ushort"),
        ["System.Int32"] = Integer("int"),
        ["System.UInt32"] = Integer("uint"),
        ["System.Int64"] = Integer("long"),
        ["System.UInt64"] = BigInteger("ulong"),
        ["System.Int128"] = BigInteger("global::System.Int128"),
        ["System.UInt128"] = BigInteger("global::System.UInt128"),
        ["System.Half"] = Float("global::System.Half"),
        ["System.Single"] = Float("float"),
        ["System.Double"] = Float("double"),
        ["System.Decimal"] = new(Convert + "ToDecimal", "number") { Shape = ValueShape.Decimal },
        ["System.Guid"] = new(Convert + "ToGuid", "string") { Format = "uuid" },
        ["System.DateTimeOffset"] = new(Convert + "ToDateTimeOffset", "string") { Format = "date-time" },
        ["System.DateTime"] = new(Convert + "ToDateTime", "string") { Format = "date-time" },
        ["System.DateOnly"] = new(Convert + "ToDateOnly", "string") { Format = "date" },
        ["System.TimeOnly"] = new(Convert + "ToTimeOnly", "string") { Format = "time" },
        ["System.TimeSpan"] = new(Convert + "ToTimeSpan", "string"),
        ["System.Uri"] = new(Convert + "ToUri", "string") { Format = "uri-reference" },
        ["Polywire.UploadedFile"] = new(Convert + "ToFile", "string") { Format = "binary" },
        ["System.Object"] = new(Convert + "ToObject", "any") { IsText = true },
        ["System.Text.Json.JsonElement"] = new(Convert + "ToElement", "any") { IsText = true },
        ["System.Text.Json.Nodes.JsonNode"] = new(Convert + "ToNode", "any") { IsText = true },
        ["System.Text.Json.Nodes.JsonObject"] = new(Convert + "ToNodeObject", "object") { Count = "{0}.Count" },
        ["System.Text.Json.Nodes.JsonArray"] = new(Convert + "ToNodeArray", "array") { Count = "{0}.Count", Shape = ValueShape.Collection },
    };

    /// <summary>Finds how to make a type; its own nullability plays no part.</summary>
    /// <param name="type">The type.</param>
    /// <param name="reason">Why it cannot be made; null if that has been reported already.</param>
    public BoundType? Bind(ITypeSymbol type, out string? reason)
    {
        reason = null;
        if (type.TypeKind == TypeKind.Error)
        {
            // The compiler tells.
            return null;
        }

        if (type.TypeKind == TypeKind.Dynamic || type is ITypeParameterSymbol or IPointerTypeSymbol or IFunctionPointerTypeSymbol)
        {
            reason = $"values of type '{Names.Short(type)}' cannot be made from params";
            return null;
        }

        if (!Visibility.IsVisible(type, context.Compilation))
        {
            reason = $"type '{Names.Short(type)}' is not visible to generated code";
            return null;
        }

        if (type is IArrayTypeSymbol array)
        {
            return BindArray(array, out reason);
        }

        if (type is not INamedTypeSymbol named)
        {
            reason = $"values of type '{Names.Short(type)}' cannot be made from params";
            return null;
        }

        if (Plain.TryGetValue(Names.Full(named), out var plain))
        {
            return plain;
        }

        return named.TypeKind == TypeKind.Enum ? BindEnum(named)
            : BindCollection(named, out var found, out reason) ? found
            : BindParsable(named) ?? BindRecord(named, out reason);
    }

    private static BoundType Integer(string type) => new($"{Convert}ToInteger<{type}>", "integer") { Shape = ValueShape.Integer };

    private static BoundType BigInteger(string type) => new($"{Convert}ToInteger<{type}>", "integer") { Shape = ValueShape.BigInteger };

    private static BoundType Float(string type) => new($"{Convert}ToFloat<{type}>", "number") { Shape = ValueShape.Float };

    private BoundType? BindArray(IArrayTypeSymbol array, out string? reason)
    {
        if (array.ElementType.SpecialType == SpecialType.System_Byte && array.Rank == 1)
        {
            reason = null;
            return new BoundType(Convert + "ToBytes", "string") { Format = "byte", Count = "{0}.Length" };
        }

        if (array.Rank > 1)
        {
            reason = "arrays of more than one dimension cannot be made from params";
            return null;
        }

        return BindElement(array.ElementType, out reason) is not { } element
            ? null
            : Sequence("ArrayOf", element, array, "TryReadArray", "{0}.Length", direct: true);
    }

    private bool BindCollection(INamedTypeSymbol type, out BoundType? result, out string? reason)
    {
        result = null;
        reason = null;
        var name = Names.Full(type);
        switch (name)
        {
            case "System.Collections.Generic.List`1":
                result = BindElement(type.TypeArguments[0], out reason) is { } listed
                    ? Sequence("ListOf", listed, type, "TryReadList", "{0}.Count", direct: true)
                    : null;
                return true;
            case "System.Collections.Generic.IList`1" or "System.Collections.Generic.ICollection`1":
                result = BindElement(type.TypeArguments[0], out reason) is { } collected
                    ? Sequence(type.Name + "Of", collected, type, "TryReadList", "{0}.Count", direct: false)
                    : null;
                return true;
            case "System.Collections.Generic.IReadOnlyList`1" when Names.Full(type.TypeArguments[0]) == "Polywire.UploadedFile":
                result = new BoundType(Convert + "ToFiles", "array") { Shape = ValueShape.Collection, Count = "{0}.Count" };
                return true;
            case "System.Collections.Generic.IReadOnlyList`1" or "System.Collections.Generic.IReadOnlyCollection`1":
                result = BindElement(type.TypeArguments[0], out reason) is { } read
                    ? Sequence(type.Name + "Of", read, type, "TryReadArray", "{0}.Count", direct: false)
                    : null;
                return true;
            case "System.Collections.Generic.IEnumerable`1":
                result = BindElement(type.TypeArguments[0], out reason) is { } enumerated
                    ? Sequence("IEnumerableOf", enumerated, type, "TryReadArray", "InputRules.Count({0})", direct: false)
                    : null;
                return true;
            case "System.Collections.Immutable.ImmutableArray`1":
                result = BindElement(type.TypeArguments[0], out reason) is { } immutable
                    ? Sequence("ImmutableArrayOf", immutable, type, "TryReadImmutableArray", "{0}.Length", direct: true)
                    : null;
                return true;
            case "System.Collections.Generic.Dictionary`2" or "System.Collections.Generic.IReadOnlyDictionary`2"
                or "System.Collections.Generic.IDictionary`2":
                if (type.TypeArguments[0].SpecialType != SpecialType.System_String)
                {
                    reason = "the keys of a dictionary must be strings";
                    return true;
                }

                if (BindElement(type.TypeArguments[1], out reason) is { } valued)
                {
                    var isClass = type.TypeKind == TypeKind.Class;
                    result = Sequence(type.Name + "Of", valued, type, "TryReadDictionary", "{0}.Count", isClass)
                        with { JsonType = "object", IsTable = true, ItemType = null };
                }

                return true;
            default:
                return false;
        }
    }

    private BoundType Sequence(string prefix, Element element, ITypeSymbol type, string method, string count, bool direct)
    {
        var name = "To_" + prefix + "_" + element.Name;
        var call = $"reader.{method}<{element.Type}>(value, {element.Bound.Converter}, out ";
        Add(name, type, direct
            ? [$"return {call}result);"]
            : [$"var done = {call}var elements);", "result = elements;", "return done;"]);
        return new BoundType(name, "array")
        {
            Shape = ValueShape.Collection,
            Count = count,
            Record = element.Bound.Record,
            IsTable = element.Bound.IsTable,
            ItemType = element.Bound.JsonType,
        };
    }

    // Elements say by their own nullability whether they may be null.
    private Element? BindElement(ITypeSymbol type, out string? reason)
    {
        if (type is INamedTypeSymbol { OriginalDefinition.SpecialType: SpecialType.System_Nullable_T } nullable)
        {
            var underlying = nullable.TypeArguments[0];
            if (Bind(underlying, out reason) is not { } inner)
            {
                return null;
            }

            var name = "NullableOf_" + ElementName(underlying, inner);
            Add("To_" + name, type, [$"return reader.TryReadNullable<{Names.Code(underlying)}>(value, {inner.Converter}, out result);"]);
            return new Element(inner with { Converter = "To_" + name }, name, Names.Code(type));
        }

        if (Bind(type, out reason) is not { } bound)
        {
            return null;
        }

        var own = ElementName(type, bound);
        if (type is not { IsReferenceType: true, NullableAnnotation: NullableAnnotation.Annotated })
        {
            return new Element(bound, own, Names.Code(type));
        }

        var plain = Names.CodeWithoutNull(type);
        Add("To_NullableOf_" + own, type, [$"return reader.TryReadNullableReference<{plain}>(value, {bound.Converter}, out result);"]);
        return new Element(bound with { Converter = "To_NullableOf_" + own }, "NullableOf_" + own, Names.Code(type));
    }

    private static string ElementName(ITypeSymbol type, BoundType bound) =>
        bound.Converter.StartsWith("To_", StringComparison.Ordinal) ? bound.Converter.Substring(3) : Names.Identifier(type);

    private BoundType BindEnum(INamedTypeSymbol type)
    {
        var name = "To_" + Names.Identifier(type);
        var fields = type.GetMembers().OfType<IFieldSymbol>().Where(field => field.HasConstantValue).ToList();
        var wireNames = fields.ConvertAll(WireName);

        // Two names that differ only in case are told apart, so exact ones are looked for first.
        var needsExact = wireNames.Distinct(StringComparer.OrdinalIgnoreCase).Count() < wireNames.Count;
        var body = new List<string> { "var text = value.GetText(stackalloc byte[InputValue.TextSize]);" };
        foreach (var exact in needsExact ? new[] { true, false } : [false])
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var literal = Literals.Text(wireNames[i]) + "u8";
                body.Add(exact ? $"if (text.SequenceEqual({literal}))" : $"if (InputConvert.IsName(text, {literal}))");
                body.Add("{");
                body.Add($"    result = {Names.Code(type)}.{Literals.Identifier(fields[i].Name)};");
                body.Add("    return true;");
                body.Add("}");
                body.Add("");
            }
        }

        body.Add("result = default;");
        body.Add("return false;");
        Add(name, type, body);
        return new BoundType(name, "string") { Shape = ValueShape.Enum, EnumNames = wireNames };
    }

    private static string WireName(IFieldSymbol field) =>
        field.GetAttributes()
            .FirstOrDefault(attribute => attribute.AttributeClass?.Name == "JsonStringEnumMemberNameAttribute")
            ?.ConstructorArguments.FirstOrDefault().Value as string ?? field.Name;

    private static BoundType? BindParsable(INamedTypeSymbol type)
    {
        (string, string)[] ways = [("System.IUtf8SpanParsable`1", "ToUtf8Parsable"), ("System.IParsable`1", "ToParsable")];
        foreach (var (interfaceName, method) in ways)
        {
            if (type.TypeKind is TypeKind.Class or TypeKind.Struct && type.AllInterfaces.Any(own =>
                Names.Full(own) == interfaceName && SymbolEqualityComparer.Default.Equals(own.TypeArguments[0], type)))
            {
                return new BoundType($"{Convert}{method}<{Names.CodeWithoutNull(type)}>", "string");
            }
        }

        return null;
    }

    private BoundType? BindRecord(INamedTypeSymbol type, out string? reason)
    {
        reason = RecordParser.WhyNot(type);
        if (reason is not null)
        {
            return null;
        }

        if (records.Parse(type) is not { } key)
        {
            return null;
        }

        var name = "To_" + key;
        Add(name, type, [$"return reader.TryReadObject(value, {key}, Bind_{key}, out result);"]);
        return new BoundType(name, "object") { Record = key };
    }

    private void Add(string name, ITypeSymbol type, IEnumerable<string> body)
    {
        if (!context.Converters.ContainsKey(name))
        {
            var code = type.IsReferenceType && type.NullableAnnotation != NullableAnnotation.Annotated
                ? Names.CodeWithoutNull(type)
                : Names.Code(type);
            context.Converters.Add(name, new ConverterModel(name, code, new EquatableArray<string>(body)));
        }
    }

    private sealed record Element(BoundType Bound, string Name, string Type);
}
