using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Legacy;

/// <summary>A part of a response as 1.8 sends it.</summary>
/// <param name="Uuid">The request's.</param>
/// <param name="Type">What the value is called.</param>
/// <param name="Data">The value.</param>
/// <param name="Last">Whether it ends the response.</param>
[SockhopType(WireName)]
internal sealed record LegacyResponsePacket(
    [property: JsonPropertyName("uuid")] string? Uuid,
    [property: JsonPropertyName("type")] string? Type,
    [property: JsonPropertyName("data")] JsonElement Data,
    [property: JsonPropertyName("last")] bool Last)
{
    public const string WireName = "SockhopResponsePacket";

    private static readonly JsonElement Nothing = JsonElement.Parse("{}"u8);

    /// <summary>Whether it ends the response and carries nothing: the form of an end by itself.</summary>
    [JsonIgnore]
    public bool IsBareEnd => Last && Data.ValueKind switch
    {
        JsonValueKind.Undefined => true,
        JsonValueKind.Object => Type == "Object" && !Data.EnumerateObject().MoveNext(),
        _ => false,
    };

    public static LegacyResponsePacket BareEnd(string uuid) => new(uuid, "Object", Nothing, Last: true);
}
