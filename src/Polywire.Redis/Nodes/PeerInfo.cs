using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Redis.Nodes;

/// <summary>What a node tells of itself in its lease.</summary>
internal sealed record PeerInfo
{
    public string Host { get; init; } = string.Empty;

    public int Pid { get; init; }

    public string Version { get; init; } = string.Empty;

    /// <summary>When the process started, in milliseconds since 1970.</summary>
    public long StartedAt { get; init; }

    /// <summary>The version of what nodes say to each other.</summary>
    public int Protocol { get; init; } = 1;

    public int Connections { get; init; }

    /// <summary>Reads what stands in a lease; nothing is known of one that no node of ours has written.</summary>
    public static PeerInfo Read(string? info)
    {
        try
        {
            return JsonSerializer.Deserialize(info ?? "{}", NodesJson.Default.PeerInfo) ?? new PeerInfo();
        }
        catch (JsonException)
        {
            return new PeerInfo();
        }
    }
}

/// <summary>JSON of leases.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(PeerInfo))]
internal sealed partial class NodesJson : JsonSerializerContext;
