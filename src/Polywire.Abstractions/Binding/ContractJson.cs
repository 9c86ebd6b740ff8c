using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Polywire.Binding;

/// <summary>The JSON of contracts: the names and forms that servers write, and no leniency towards answers that do not fit.</summary>
internal static class ContractJson
{
    private static readonly IJsonTypeInfoResolver Nothing = JsonTypeInfoResolver.Combine();

    // One for each project of contracts: generated code hands over the same resolver for all that a project has.
    private static readonly ConcurrentDictionary<IJsonTypeInfoResolver, JsonSerializerOptions> Known = new(ReferenceEqualityComparer.Instance);

    /// <summary>Finds the metadata of a type.</summary>
    /// <param name="resolver">The metadata of the contract's project; <see langword="null"/> for none.</param>
    /// <exception cref="NotSupportedException">It does not cover the type, and JSON reflection is off.</exception>
    public static JsonTypeInfo<T> InfoOf<T>(IJsonTypeInfoResolver? resolver) => (JsonTypeInfo<T>)InfoOf(typeof(T), resolver);

    /// <inheritdoc cref="InfoOf{T}"/>
    public static JsonTypeInfo InfoOf(Type type, IJsonTypeInfoResolver? resolver) =>
        Known.GetOrAdd(resolver ?? Nothing, Create).TryGetTypeInfo(type, out var info)
            ? info
            : throw new NotSupportedException(
                $"No JSON metadata for {type}: JSON reflection is off in this application and no context of the contract's project covers the type. "
                + $"Add [JsonSerializable(typeof({type.Name}))] to a JsonSerializerContext there.");

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where the application left JSON reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where the application left JSON reflection on.")]
    private static JsonSerializerOptions Create(IJsonTypeInfoResolver resolver)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 64,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
        };
        options.TypeInfoResolverChain.Add(resolver);
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        options.MakeReadOnly();
        return options;
    }
}
