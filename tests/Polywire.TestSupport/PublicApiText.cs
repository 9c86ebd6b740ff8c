using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Polywire.TestSupport;

/// <summary>Writes types and members as C# does, nullability included.</summary>
internal static class PublicApiText
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(byte)] = "byte", [typeof(sbyte)] = "sbyte", [typeof(char)] = "char",
        [typeof(short)] = "short", [typeof(ushort)] = "ushort", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string", [typeof(object)] = "object",
    };

    /// <summary>The attributes that matter to a caller, in front of a declaration.</summary>
    public static string Marks(MemberInfo member)
    {
        // The compiler marks ref structs, and constructors beside required members, as obsolete for older compilers.
        var obsolete = member.IsDefined(typeof(ObsoleteAttribute), inherit: false) &&
            !member.IsDefined(typeof(CompilerFeatureRequiredAttribute), inherit: false)
            ? "[Obsolete] "
            : "";
        var experiment = member.GetCustomAttribute<ExperimentalAttribute>(inherit: false);
        return obsolete + (experiment is null ? "" : $"[Experimental(\"{experiment.DiagnosticId}\")] ");
    }

    /// <summary>The name with namespace and the types around it.</summary>
    public static string FullName(Type type)
    {
        var scope = type.DeclaringType is { } outer ? FullName(outer) + "." : type.Namespace is { } space ? space + "." : "";
        return scope + OwnName(type, argument => Variance(argument) + argument.Name);
    }

    /// <summary>The name without its namespace.</summary>
    public static string Name(Type type) => Name(type, null);

    public static string Field(FieldInfo field, NullabilityInfoContext nullability)
    {
        var kind = field.IsLiteral ? "const " : (field.IsStatic ? "static " : "") + (field.IsInitOnly ? "readonly " : "");
        var value = field.IsLiteral ? " = " + Literal(field.GetRawConstantValue(), field.FieldType) : "";
        return $"{Marks(field)}{Access(field.IsPublic)}{kind}{Required(field)}{Name(field.FieldType, nullability.Create(field))} {field.Name}{value}";
    }

    public static string Property(PropertyInfo property, Func<MethodInfo, bool> reached, NullabilityInfoContext nullability)
    {
        var accessors = property.GetAccessors(nonPublic: true).Where(reached).ToArray();
        var isPublic = accessors.Any(accessor => accessor.IsPublic);
        var get = accessors.Contains(property.GetMethod) ? AccessorAccess(property.GetMethod!, isPublic) + "get; " : "";
        var set = accessors.Contains(property.SetMethod)
            ? AccessorAccess(property.SetMethod!, isPublic) + (IsInit(property.SetMethod!) ? "init; " : "set; ")
            : "";
        var name = property.GetIndexParameters() is { Length: > 0 } indexes
            ? $"this[{string.Join(", ", indexes.Select(index => Parameter(index, nullability)))}]"
            : property.Name;
        return $"{Marks(property)}{Access(isPublic)}{Modifiers(accessors[0])}{Required(property)}{ByReference(property.GetMethod)}" +
            $"{Name(property.PropertyType, nullability.Create(property))} {name} {{ {get}{set}}}";
    }

    public static string Event(EventInfo occurrence, NullabilityInfoContext nullability) =>
        $"{Marks(occurrence)}{Access(occurrence.AddMethod!.IsPublic)}{Modifiers(occurrence.AddMethod)}event " +
        $"{Name(occurrence.EventHandlerType!, nullability.Create(occurrence))} {occurrence.Name}";

    public static string Constructor(ConstructorInfo constructor, NullabilityInfoContext nullability) =>
        $"{Marks(constructor)}{Access(constructor.IsPublic)}{constructor.DeclaringType!.Name.Split('`')[0]}({Parameters(constructor, nullability)})";

    public static string Method(MethodInfo method, NullabilityInfoContext nullability)
    {
        var generics = method.IsGenericMethodDefinition ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";
        var extension = method.IsDefined(typeof(ExtensionAttribute), inherit: false) ? "this " : "";
        var constraints = method.IsGenericMethodDefinition ? Constraints(method.GetGenericArguments()) : "";
        return $"{Marks(method)}{Access(method.IsPublic)}{Modifiers(method)}{Return(method, nullability)} {method.Name}{generics}" +
            $"({extension}{Parameters(method, nullability)}){constraints}";
    }

    public static string Return(MethodInfo method, NullabilityInfoContext nullability) =>
        ByReference(method) + Name(method.ReturnType, nullability.Create(method.ReturnParameter));

    public static string Parameters(MethodBase method, NullabilityInfoContext nullability) =>
        string.Join(", ", method.GetParameters().Select(parameter => Parameter(parameter, nullability)));

    /// <summary>The <c>where</c> clauses of generic parameters, each with a blank in front.</summary>
    public static string Constraints(IEnumerable<Type> parameters) => string.Concat(parameters.Select(Constraint));

    private static string Constraint(Type parameter)
    {
        var attributes = parameter.GenericParameterAttributes;
        var isValue = attributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
        var flag = NullableFlag(parameter);
        var parts = new List<string>();
        if (isValue)
        {
            parts.Add(parameter.CustomAttributes.Any(mark => mark.AttributeType.Name == "IsUnmanagedAttribute") ? "unmanaged" : "struct");
        }
        else if (attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint))
        {
            parts.Add(flag == 2 ? "class?" : "class");
        }
        else if (flag == 1 && parameter.GetGenericParameterConstraints().Length == 0)
        {
            parts.Add("notnull");
        }

        parts.AddRange(parameter.GetGenericParameterConstraints().Where(type => type != typeof(ValueType)).Select(Name));
        if (attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) && !isValue)
        {
            parts.Add("new()");
        }

        return parts.Count == 0 ? "" : $" where {parameter.Name} : {string.Join(", ", parts)}";
    }

    /// <summary>1 for what may not be null, 2 for what may, 0 where nothing is said: on the parameter itself, else around it.</summary>
    private static byte NullableFlag(Type parameter)
    {
        if (parameter.GetCustomAttribute<NullableAttribute>() is { NullableFlags: [var own, ..] })
        {
            return own;
        }

        for (MemberInfo? around = parameter.DeclaringMethod ?? (MemberInfo?)parameter.DeclaringType; around is not null; around = around.DeclaringType)
        {
            if (around.GetCustomAttribute<NullableContextAttribute>(inherit: false) is { } context)
            {
                return context.Flag;
            }
        }

        return 0;
    }

    private static string Parameter(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var prefix = parameter.IsDefined(typeof(ParamArrayAttribute)) || parameter.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        if (parameter.ParameterType.IsByRef)
        {
            prefix = parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        }

        var value = parameter.HasDefaultValue ? " = " + Literal(parameter.RawDefaultValue, parameter.ParameterType) : "";
        return $"{prefix}{Name(parameter.ParameterType, nullability.Create(parameter))} {parameter.Name}{value}";
    }

    private static string Name(Type type, NullabilityInfo? info)
    {
        if (type.IsByRef)
        {
            // The nullability of a reference is that of what it refers to.
            return Name(type.GetElementType()!, info);
        }

        if (Nullable.GetUnderlyingType(type) is { } value)
        {
            return Name(value, info?.GenericTypeArguments is [var inner] ? inner : null) + "?";
        }

        // Of a parameter that may stand for anything, reflection always says that it may be null: T and T? look alike.
        var told = !type.IsValueType && (!type.IsGenericParameter || NullableFlag(type) == 1);
        var mark = told && info?.ReadState == NullabilityState.Nullable ? "?" : "";
        if (type.IsArray)
        {
            return $"{Name(type.GetElementType()!, info?.ElementType)}[{new string(',', type.GetArrayRank() - 1)}]{mark}";
        }

        if (type.IsPointer)
        {
            return Name(type.GetElementType()!, null) + "*";
        }

        var around = type is { IsNested: true, IsGenericParameter: false } ? OuterName(type.DeclaringType!) + "." : "";
        return around + OwnName(type, null, info) + mark;
    }

    private static string OuterName(Type type) => (type.IsNested ? OuterName(type.DeclaringType!) + "." : "") + type.Name.Split('`')[0];

    private static string OwnName(Type type, Func<Type, string>? argumentName, NullabilityInfo? info = null)
    {
        if (Keywords.TryGetValue(type, out var keyword))
        {
            return keyword;
        }

        if (!type.IsGenericType)
        {
            return type.Name;
        }

        var states = info?.GenericTypeArguments;
        var arguments = type.GetGenericArguments().Select((argument, index) =>
            argumentName?.Invoke(argument) ?? Name(argument, states?.Length > index ? states[index] : null));
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", arguments)}>";
    }

    private static string Variance(Type argument) =>
        argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.Covariant) ? "out "
        : argument.GenericParameterAttributes.HasFlag(GenericParameterAttributes.Contravariant) ? "in "
        : "";

    private static string Access(bool isPublic) => isPublic ? "public " : "protected ";

    private static string AccessorAccess(MethodInfo accessor, bool propertyIsPublic) => propertyIsPublic && !accessor.IsPublic ? "protected " : "";

    private static string Modifiers(MethodInfo method)
    {
        var isStatic = method.IsStatic ? "static " : "";
        // Virtual, final and new is how an ordinary method looks that implements an interface.
        if (!method.IsVirtual || (method.IsFinal && method.GetBaseDefinition() == method))
        {
            return isStatic;
        }

        if (method.DeclaringType!.IsInterface)
        {
            return isStatic + (method.IsAbstract ? "" : "virtual ");
        }

        var overrides = method.GetBaseDefinition() != method;
        return isStatic + (overrides ? (method.IsFinal ? "sealed " : "") + (method.IsAbstract ? "abstract override " : "override ")
            : method.IsAbstract ? "abstract " : "virtual ");
    }

    private static string ByReference(MethodInfo? method) => method?.ReturnType.IsByRef is not true ? ""
        : method.ReturnParameter.GetRequiredCustomModifiers().Length > 0 ? "ref readonly " : "ref ";

    private static string Required(MemberInfo member) => member.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";

    private static bool IsInit(MethodInfo setter) => setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit));

    private static string Literal(object? value, Type type) => value switch
    {
        null => type.IsValueType && Nullable.GetUnderlyingType(type) is null ? "default" : "null",
        string text => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
        char character => $"'{character}'",
        bool flag => flag ? "true" : "false",
        _ when type.IsEnum => $"{Name(type)}.{Enum.GetName(type, value) ?? Convert.ToString(value, CultureInfo.InvariantCulture)}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };
}
