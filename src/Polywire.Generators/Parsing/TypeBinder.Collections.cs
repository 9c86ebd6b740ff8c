using Microsoft.CodeAnalysis;

namespace Polywire.Generators.Parsing;

internal sealed partial class TypeBinder
{
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
                    ? Sequence("IEnumerableOf", enumerated, type, "TryReadArray", Api.Rules + "Count({0})", direct: false)
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
        var name = "To_" + Names.Unique(prefix + "_" + element.Name, Names.CodeWithoutNull(type));
        var call = $"reader.{method}<{element.Type}>(value, {element.Bound.Converter}, out ";
        Add(name, type, direct
            ? [$"return {call}result);"]
            : [$"bool done = {call}{Made(method, element.Type)}? elements);", "result = elements;", "return done;"]);
        return new BoundType(name, "array")
        {
            Shape = ValueShape.Collection,
            Count = count,
            Record = element.Bound.Record,
            IsTable = element.Bound.IsTable,
            ItemType = element.Bound.JsonType,
        };
    }

    private static string Made(string method, string element) =>
        method switch
        {
            "TryReadArray" => element + "[]",
            "TryReadDictionary" => $"{Api.Dictionary}<string, {element}>",
            _ => $"global::System.Collections.Generic.List<{element}>",
        };

    // A class of the application's own that is a list or a dictionary: made empty, then filled.
    private bool BindOwnCollection(INamedTypeSymbol type, out BoundType? result, out string? reason)
    {
        result = null;
        reason = null;
        if (type.TypeKind != TypeKind.Class || type.IsRecord || type.IsAbstract || Framework.Has(type, context.Compilation))
        {
            return false;
        }

        var tables = type.AllInterfaces.Where(own => Names.Full(own) == "System.Collections.Generic.IDictionary`2").ToList();
        var lists = type.AllInterfaces.Where(own => Names.Full(own) == "System.Collections.Generic.ICollection`1").ToList();
        if (tables.Count == 0 && lists.Count == 0)
        {
            return false;
        }

        var isTable = tables.Count > 0;
        var constructor = type.InstanceConstructors.FirstOrDefault(own => own.Parameters.Length == 0);
        reason = (isTable ? tables : lists).Count > 1 ? $"'{Names.Short(type)}' is a collection of several types"
            : isTable && tables[0].TypeArguments[0].SpecialType != SpecialType.System_String ? "the keys of a dictionary must be strings"
            : constructor is null || !context.Compilation.IsSymbolAccessibleWithin(constructor, context.Compilation.Assembly)
                || (HasRequired(type) && !RecordParser.SetsRequired(constructor))
                ? $"the collection '{Names.Short(type)}' cannot be made empty"
            : null;
        if (reason is not null || BindElement(isTable ? tables[0].TypeArguments[1] : lists[0].TypeArguments[0], out reason) is not { } element)
        {
            return true;
        }

        JsonAttributes.CheckType(context, type);
        var made = Names.CodeWithoutNull(type);
        var name = "To_" + Names.Unique(Names.Identifier(type), made);
        var (method, item, add) = isTable
            ? ("TryReadDictionary",
                $"global::System.Collections.Generic.KeyValuePair<string, {element.Type}>",
                $"(({Api.KeyValueInterface}<string, {element.Type}>)result)[element.Key] = element.Value;")
            : ("TryReadList", element.Type, $"(({Api.CollectionInterface}<{element.Type}>)result).Add(element);");
        Add(
            name,
            type,
            [
                "result = null;",
                $"if (!reader.{method}<{element.Type}>(value, {element.Bound.Converter}, out {Made(method, element.Type)}? elements))",
                "{",
                "    return false;",
                "}",
                "",
                $"result = new {made}();",
                $"foreach ({item} element in elements)",
                "{",
                "    " + add,
                "}",
                "",
                "return true;",
            ]);
        result = new BoundType(name, isTable ? "object" : "array")
        {
            Shape = ValueShape.Collection,
            Count = $"{Api.Rules}Count<{item}>({{0}})",
            Record = element.Bound.Record,
            IsTable = isTable || element.Bound.IsTable,
            ItemType = isTable ? null : element.Bound.JsonType,
        };
        return true;
    }

    private static bool HasRequired(INamedTypeSymbol type)
    {
        for (INamedTypeSymbol? current = type; current is not null; current = current.BaseType)
        {
            if (current.GetMembers().Any(member => member is IPropertySymbol { IsRequired: true } or IFieldSymbol { IsRequired: true }))
            {
                return true;
            }
        }

        return false;
    }
}
