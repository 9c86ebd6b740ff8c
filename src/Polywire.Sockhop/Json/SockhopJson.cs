using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Polywire.Sockhop.Handlers;
using Polywire.Sockhop.Protocol;

namespace Polywire.Sockhop.Json;

/// <summary>Values to JSON and back, with their names on the wire. Safe for any thread.</summary>
internal sealed class SockhopJson
{
    public const int DefaultMaxDepth = 512;

    private readonly SockhopTypeRegistry _types;
    private readonly JsonSerializerOptions _options;
    private readonly ConcurrentDictionary<Type, WrittenAs> _outbound = new();

    public SockhopJson(SockhopTypeRegistry types, JsonSerializerOptions? given)
    {
        _types = types;
        _options = Create(types, given);
        MaxDepth = _options.MaxDepth;
    }

    public int MaxDepth { get; }

    /// <summary>What is wrong with JSON beyond <see cref="MaxDepth"/>.</summary>
    public string TooDeep => $"it is nested deeper than {nameof(SockhopOptions.Json)}.{nameof(JsonSerializerOptions.MaxDepth)} ({MaxDepth})";

    /// <summary>Writes a value's JSON and tells its type; bytes are no JSON and do not come here.</summary>
    /// <exception cref="SockhopException">It has no JSON form.</exception>
    public WireType Write<T>(T value, PayloadWriter writer)
    {
        var type = value!.GetType();
        WrittenAs? outbound;
        try
        {
            outbound = _outbound.TryGetValue(type, out var known) ? known : Add(type);
            if (outbound.Info is JsonTypeInfo<T> info)
            {
                JsonSerializer.Serialize(writer.Json, value, info);
            }
            else
            {
                JsonSerializer.Serialize(writer.Json, value, outbound.Info);
            }

            writer.Json.Flush();
        }
        catch (Exception exception) when (exception is not (SockhopException or OutOfMemoryException))
        {
            // Its own code may throw anything.
            throw new SockhopException(SockhopErrorCodes.SerializeFailed, $"A value of {type} has no JSON form: {exception.Message}", exception);
        }

        return outbound.Type ?? WireType.OfJson(writer.Written);
    }

    /// <summary>Writes a JSON value as it is, without white space.</summary>
    public static void Write(JsonElement value, PayloadWriter writer)
    {
        try
        {
            value.WriteTo(writer.Json);
            writer.Json.Flush();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            throw new SockhopException(SockhopErrorCodes.SerializeFailed, $"The JSON value cannot be written: {exception.Message}", exception);
        }
    }

    /// <summary>Makes a value from JSON text.</summary>
    /// <exception cref="JsonException">It does not fit.</exception>
    public T? Read<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, GetTypeInfo<T>());

    public JsonTypeInfo<T> GetTypeInfo<T>()
    {
        // Asked for with every message; one client or server in a process is the rule, and it finds its own at once.
        var first = First<T>.Known;
        if (first is not null && ReferenceEquals(first.Options, _options))
        {
            return first;
        }

        var info = (JsonTypeInfo<T>)GetTypeInfo(typeof(T));
        First<T>.Known ??= info;
        return info;
    }

    /// <summary>The name on the wire of what a handler takes.</summary>
    public string NameOf(Type type)
    {
        if (_types.Find(type) is { } found)
        {
            return found.Name;
        }

        var bare = Nullable.GetUnderlyingType(type) ?? type;
        if (bare == typeof(string) || bare == typeof(char) || bare == typeof(Guid) || bare == typeof(Uri) || bare == typeof(Version)
            || bare == typeof(TimeSpan) || bare == typeof(DateOnly) || bare == typeof(TimeOnly))
        {
            return WireType.String.Name;
        }

        if (bare == typeof(bool))
        {
            return WireType.Boolean.Name;
        }

        if (bare == typeof(DateTime) || bare == typeof(DateTimeOffset))
        {
            return WireType.Date.Name;
        }

        if (FrameValue.IsBytes(bare))
        {
            return WireType.Buffer.Name;
        }

        if (bare.IsEnum)
        {
            return NameOfEnum(bare);
        }

        if (bare.IsPrimitive || bare == typeof(decimal) || bare == typeof(Int128) || bare == typeof(UInt128) || bare == typeof(Half))
        {
            return WireType.Number.Name;
        }

        return bare == typeof(JsonArray) || GetTypeInfo(type).Kind == JsonTypeInfoKind.Enumerable ? WireType.Array.Name : WireType.Object.Name;
    }

    // Numbers, unless a converter makes text of them: only an example tells.
    private string NameOfEnum(Type type)
    {
        var values = Enum.GetValuesAsUnderlyingType(type);
        var example = values.Length > 0 ? Enum.ToObject(type, values.GetValue(0)!) : Enum.ToObject(type, 0);
        return WireType.OfJson(JsonSerializer.SerializeToUtf8Bytes(example, GetTypeInfo(type))).Name;
    }

    private JsonTypeInfo GetTypeInfo(Type type) =>
        _options.TryGetTypeInfo(type, out var info)
            ? info
            : throw new NotSupportedException(
                $"No JSON metadata for {type}: JSON reflection is off in this application and no context that was added covers the type. " +
                $"Add [JsonSerializable(typeof({type.Name}))] to a JsonSerializerContext and hand it over with {nameof(SockhopTypeRegistry.AddJsonContext)}.");

    private WrittenAs Add(Type type)
    {
        var name = _types.Find(type);
        if (name is null && (type == typeof(DateTime) || type == typeof(DateTimeOffset)))
        {
            name = WireType.Date;
        }

        if (name is null && (type == typeof(double) || type == typeof(float)))
        {
            name = WireType.Number;
        }

        // The classes of nodes are internal ones, which no context knows.
        var written = typeof(JsonNode).IsAssignableFrom(type) ? typeof(JsonNode) : type;
        return _outbound.GetOrAdd(type, new WrittenAs(name, GetTypeInfo(written)));
    }

    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Reached only where the application left JSON reflection on.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Reached only where the application left JSON reflection on.")]
    private static JsonSerializerOptions Create(SockhopTypeRegistry types, JsonSerializerOptions? given)
    {
        var options = given is null ? new JsonSerializerOptions() : new JsonSerializerOptions(given);
        options.Encoder ??= JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

        // A line is one message: white space of a writer would end it early.
        options.WriteIndented = false;
        if (options.MaxDepth == 0)
        {
            options.MaxDepth = DefaultMaxDepth;
        }

        options.Converters.Add(new DoubleConverter());
        options.Converters.Add(new SingleConverter());
        options.Converters.Add(new DateTimeConverter());
        options.Converters.Add(new DateTimeOffsetConverter());
        for (var i = types.Contexts.Count - 1; i >= 0; i--)
        {
            options.TypeInfoResolverChain.Insert(0, types.Contexts[i]);
        }

        options.TypeInfoResolverChain.Add(BuiltInJson.Default);
        if (JsonSerializer.IsReflectionEnabledByDefault)
        {
            options.TypeInfoResolverChain.Add(new DefaultJsonTypeInfoResolver());
        }

        options.MakeReadOnly();
        return options;
    }

    private sealed record WrittenAs(WireType? Type, JsonTypeInfo Info);

    private static class First<T>
    {
        public static JsonTypeInfo<T>? Known { get; set; }
    }
}
