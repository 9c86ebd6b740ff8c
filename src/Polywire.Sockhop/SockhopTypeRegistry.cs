using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop;

/// <summary>Which name on the wire stands for which type.</summary>
/// <remarks>
/// <para>
/// What needs no registration: text is <c>String</c>, numbers are <c>Number</c>, booleans <c>Boolean</c>, lists <c>Array</c>, dates
/// <c>Date</c>, bytes <c>Buffer</c>, everything else <c>Object</c>. No type is ever made from a name that was not registered.
/// </para>
/// <para>Register before the first client or server uses it; reading is safe for any thread.</para>
/// </remarks>
public sealed class SockhopTypeRegistry
{
    private readonly Lock _gate = new();
    private readonly ConcurrentDictionary<Type, WireType> _names = new();
    private readonly Dictionary<string, Type> _types = new(StringComparer.Ordinal);
    private readonly List<IJsonTypeInfoResolver> _contexts = [];

    internal IReadOnlyList<IJsonTypeInfoResolver> Contexts => _contexts;

    /// <summary>Names a type.</summary>
    /// <param name="name">Default: that of its <see cref="SockhopTypeAttribute"/>, else its simple name.</param>
    /// <exception cref="ArgumentException">Another type has the name, or the type another name.</exception>
    /// <exception cref="SockhopException"><see cref="SockhopErrorCodes.ReservedType"/>: the protocol uses the name.</exception>
    public SockhopTypeRegistry Register<T>(string? name = null)
    {
        var type = typeof(T);
        name ??= type.GetCustomAttribute<SockhopTypeAttribute>()?.Name ?? type.Name;
        ThrowIfReserved(name);
        Name(type, name);
        return this;
    }

    /// <summary>Adds a source-generated context, so that values need no reflection. The first that knows a type is asked.</summary>
    public SockhopTypeRegistry AddJsonContext(IJsonTypeInfoResolver context)
    {
        ArgumentNullException.ThrowIfNull(context);
        _contexts.Add(context);
        return this;
    }

    internal static void ThrowIfReserved(string name)
    {
        if (WireNames.IsReserved(name))
        {
            throw new SockhopException(SockhopErrorCodes.ReservedType, $"The type name '{name}' belongs to the protocol.");
        }
    }

    /// <summary>The name under which a type is registered or marked; null for what has none.</summary>
    internal WireType? Find(Type type)
    {
        if (_names.TryGetValue(type, out var found))
        {
            return found;
        }

        if (type.GetCustomAttribute<SockhopTypeAttribute>() is { } marked)
        {
            ThrowIfReserved(marked.Name);
            return Name(type, marked.Name);
        }

        return null;
    }

    private WireType Name(Type type, string name)
    {
        lock (_gate)
        {
            if (_names.TryGetValue(type, out var named))
            {
                return named.Name == name ? named : throw new ArgumentException($"{type} has the name '{named.Name}' already.", nameof(name));
            }

            if (!_types.TryAdd(name, type))
            {
                throw new ArgumentException($"The name '{name}' stands for {_types[name]} already.", nameof(name));
            }

            return _names[type] = new WireType(name);
        }
    }
}
