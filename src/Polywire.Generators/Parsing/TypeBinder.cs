using Microsoft.CodeAnalysis;
using Polywire.Generators.Models;

namespace Polywire.Generators.Parsing;

/// <summary>Finds, for a type, the method that makes values of it; writes one where the library has none.</summary>
internal sealed partial class TypeBinder(ParseContext context, RecordParser records)
{
    private const string Convert = Api.Convert;
    private const int MostTypeArguments = 8;

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
        ["System.IntPtr"] = Integer("nint"),
        ["System.UIntPtr"] = BigInteger("nuint"),
        ["System.Numerics.BigInteger"] = new($"{Convert}ToInteger<global::System.Numerics.BigInteger>", "integer"),
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

        context.Mark(named);

        // A type of the project itself is none of the framework's, whatever it is called.
        var isOwn = context.Compilation.AssemblyName != "Polywire"
            && SymbolEqualityComparer.Default.Equals(named.ContainingAssembly, context.Compilation.Assembly);
        if (!isOwn && Plain.TryGetValue(Names.Full(named), out var plain))
        {
            return plain;
        }

        return named.TypeKind == TypeKind.Enum ? BindEnum(named)
            : !isOwn && BindCollection(named, out var found, out reason) ? found
            : BindParsable(named) is { } parsable ? parsable
            : BindOwnCollection(named, out var own, out reason) ? own
            : BindRecord(named, out reason);
    }

    /// <summary>What attributes want to know of a type that is not sent as such.</summary>
    public static BoundType Look(ITypeSymbol type) =>
        type is INamedTypeSymbol named && Plain.TryGetValue(Names.Full(named), out var plain) ? plain : new BoundType("", "any");

    private static BoundType Integer(string type) => new($"{Convert}ToInteger<{type}>", "integer") { Shape = ValueShape.Integer };

    private static BoundType BigInteger(string type) => new($"{Convert}ToInteger<{type}>", "integer") { Shape = ValueShape.BigInteger };

    private static BoundType Float(string type) => new($"{Convert}ToFloat<{type}>", "number") { Shape = ValueShape.Float };

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
        JsonAttributes.CheckType(context, type);
        fields.ForEach(context.Mark);
        var needsExact = wireNames.Distinct(StringComparer.OrdinalIgnoreCase).Count() < wireNames.Count;
        var body = new List<string> { $"global::System.ReadOnlySpan<byte> text = value.GetText(stackalloc byte[{Api.Value}.TextSize]);" };
        foreach (var exact in needsExact ? new[] { true, false } : [false])
        {
            for (var i = 0; i < fields.Count; i++)
            {
                var literal = Literals.Text(wireNames[i]) + "u8";
                body.Add(exact ? $"if ({Api.SequenceEqual}(text, {literal}))" : $"if ({Convert}IsName(text, {literal}))");
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
        reason = RecordParser.WhyNot(type, context.Compilation);
        if (reason is not null)
        {
            return null;
        }

        if (Depth(type) > MostTypeArguments)
        {
            // A generic type that has itself with a greater argument has no end.
            if (!context.HasErrors)
            {
                context.Report(
                    Diagnostics.UnusableInput,
                    type.OriginalDefinition,
                    Names.Short(type.OriginalDefinition),
                    "its type arguments go too deep, perhaps without end");
            }

            return null;
        }

        if (records.Parse(type) is not { } key)
        {
            return null;
        }

        var name = "To_" + key;
        Add(name, type, [$"return reader.TryReadObject<{Names.CodeWithoutNull(type)}>(value, {key}, Bind_{key}, out result);"]);
        return new BoundType(name, "object") { Record = key };
    }

    private static int Depth(ITypeSymbol type) =>
        type switch
        {
            IArrayTypeSymbol array => 1 + Depth(array.ElementType),
            INamedTypeSymbol named => named.TypeArguments.Select(argument => 1 + Depth(argument))
                .Concat(named.ContainingType is { } outer ? [Depth(outer)] : [])
                .DefaultIfEmpty(0)
                .Max(),
            _ => 0,
        };

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
