using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Polywire.TestSupport;

/// <summary>Prints one type for <see cref="PublicApi"/>: a heading, and a line for each member that others can reach.</summary>
internal static class PublicApiType
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Whether code outside the assembly can name the type: public, or protected in a type that can be derived from.</summary>
    public static bool IsVisible(Type type)
    {
        if (type.Name.Contains('<', StringComparison.Ordinal))
        {
            return false;
        }

        return type.DeclaringType is not { } outer
            ? type.IsPublic
            : (type.IsNestedPublic || (!outer.IsSealed && (type.IsNestedFamily || type.IsNestedFamORAssem))) && IsVisible(outer);
    }

    public static IEnumerable<string> Describe(Type type)
    {
        var members = type.IsEnum ? EnumMembers(type) : IsDelegate(type) ? [] : Members(type).Order(StringComparer.Ordinal);
        return members.Select(member => "    " + member).Prepend(Heading(type));
    }

    private static bool IsDelegate(Type type) => type.BaseType == typeof(MulticastDelegate);

    private static string Heading(Type type)
    {
        var access = PublicApiText.Marks(type) + (type.IsNestedFamily || type.IsNestedFamORAssem ? "protected " : "public ");
        if (IsDelegate(type))
        {
            var invoke = type.GetMethod("Invoke")!;
            var nullability = new NullabilityInfoContext();
            return $"{access}delegate {PublicApiText.Return(invoke, nullability)} {PublicApiText.FullName(type)}" +
                $"({PublicApiText.Parameters(invoke, nullability)}){PublicApiText.Constraints(type.GetGenericArguments())}";
        }

        var bases = type.IsEnum ? [Enum.GetUnderlyingType(type)] : Bases(type).ToArray();
        var list = bases.Length == 0 ? "" : " : " + string.Join(", ", bases.Select(PublicApiText.Name));
        return $"{access}{Kind(type)} {PublicApiText.FullName(type)}{list}{PublicApiText.Constraints(type.GetGenericArguments())}";
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum || type.IsInterface)
        {
            return type.IsEnum ? "enum" : "interface";
        }

        var record = type.GetMethod("PrintMembers", Declared)?.IsDefined(typeof(CompilerGeneratedAttribute)) is true ? "record " : "";
        if (type.IsValueType)
        {
            var mutable = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
            return $"{mutable}{(type.IsByRefLike ? "ref " : "")}{record}struct";
        }

        var shape = type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        return $"{shape}{record}class";
    }

    /// <summary>The base type and the interfaces that neither the base type nor another interface brings along.</summary>
    private static IEnumerable<Type> Bases(Type type)
    {
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
        {
            yield return parent;
        }

        var all = type.GetInterfaces().Where(contract => contract.IsPublic || contract.IsNestedPublic).ToArray();
        var implied = all.SelectMany(contract => contract.GetInterfaces()).Concat(type.BaseType?.GetInterfaces() ?? []).ToHashSet();
        foreach (var contract in all.Where(contract => !implied.Contains(contract)).OrderBy(PublicApiText.Name, StringComparer.Ordinal))
        {
            yield return contract;
        }
    }

    private static IEnumerable<string> EnumMembers(Type type) =>
        type.GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(field => (field.Name, Value: Convert.ToDecimal(field.GetRawConstantValue(), CultureInfo.InvariantCulture)))
            .OrderBy(member => member.Value)
            .ThenBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => string.Create(CultureInfo.InvariantCulture, $"{member.Name} = {member.Value}"));

    private static IEnumerable<string> Members(Type type)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var field in type.GetFields(Declared).Where(field => Reached(type, field.IsPublic, field.IsFamily, field.IsFamilyOrAssembly)))
        {
            yield return PublicApiText.Field(field, nullability);
        }

        var accessors = new HashSet<MethodInfo>();
        foreach (var property in type.GetProperties(Declared))
        {
            accessors.UnionWith(property.GetAccessors(nonPublic: true));
            if (Written(property) && property.GetAccessors(nonPublic: true).Any(accessor => Reached(type, accessor)))
            {
                yield return PublicApiText.Property(property, accessor => Reached(type, accessor), nullability);
            }
        }

        foreach (var occurrence in type.GetEvents(Declared))
        {
            accessors.UnionWith([occurrence.AddMethod!, occurrence.RemoveMethod!]);
            if (Reached(type, occurrence.AddMethod!))
            {
                yield return PublicApiText.Event(occurrence, nullability);
            }
        }

        foreach (var constructor in type.GetConstructors(Declared).Where(constructor => !constructor.IsStatic && Reached(type, constructor)))
        {
            yield return PublicApiText.Constructor(constructor, nullability);
        }

        foreach (var method in type.GetMethods(Declared).Where(method => Reached(type, method) && Written(method)))
        {
            if (!accessors.Contains(method))
            {
                yield return PublicApiText.Method(method, nullability);
            }
        }
    }

    /// <summary>Not what the compiler adds to a record on its own.</summary>
    private static bool Written(MemberInfo member) =>
        !member.Name.Contains('<', StringComparison.Ordinal) && !member.IsDefined(typeof(CompilerGeneratedAttribute)) &&
        (member is not PropertyInfo { Name: "EqualityContract" } property || !property.GetMethod!.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static bool Reached(Type type, MethodBase method) => Reached(type, method.IsPublic, method.IsFamily, method.IsFamilyOrAssembly);

    private static bool Reached(Type type, bool isPublic, bool isFamily, bool isFamilyOrAssembly) =>
        isPublic || (!type.IsSealed && (isFamily || isFamilyOrAssembly));
}
