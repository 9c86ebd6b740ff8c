using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;

namespace Polywire.Json;

/// <summary>The one chain of JSON options: the application's contexts first, reflection last and only where it is switched on.</summary>
/// <remarks>Immutable once made, so every component shares it freely.</remarks>
[Experimental("PWX0001")]
public sealed class PolywireJson
{
    internal PolywireJson(IOptions<PolywireJsonOptions> options)
    {
        Options = Create(options.Value.Resolvers);
    }

    /// <summary>Camel case, compact, nothing escaped that JSON does not ask for; read-only.</summary>
    public JsonSerializerOptions Options { get; }

    /// <summary>Finds the metadata of a type.</summary>
    /// <exception cref="NotSupportedException">No context covers the type and JSON reflection is off; the message names the call to add.</exception>
    public JsonTypeInfo<T> GetTypeInfo<T>() => (JsonTypeInfo<T>)GetTypeInfo(typeof(T));

    /// <inheritdoc cref="GetTypeInfo{T}"/>
    public JsonTypeInfo GetTypeInfo(Type type) =>
        Options.TryGetTypeInfo(type, out var info)
            ? info
            : throw new NotSupportedException(
                $"No JSON metadata for {type}: JSON reflection is off in this application and no context that was added covers the type. " +
                $"Add [JsonSerializable(typeof({type.Name}))] to a JsonSerializerContext and hand it over with AddJsonContext(…).");

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where the application left JSON reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where the application left JSON reflection on.")]
    private static JsonSerializerOptions Create(IEnumerable<IJsonTypeInfoResolver> resolvers)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            // Web clients of ActionHero see characters as they are; only what JSON demands is escaped (docs/protocol/http.md, H-35).
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            NumberHandling = JsonNumberHandling.AllowReadingFromString,
            MaxDepth = 64,
        };
        foreach (var resolver in resolvers)
        {
            options.TypeInfoResolverChain.Add(resolver);
        }

        options.TypeInfoResolverChain.Add(CoreJson.Default);
        options.TypeInfoResolverChain.Add(BuiltIn.BuiltInJson.Default);
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        options.MakeReadOnly();
        return options;
    }
}
