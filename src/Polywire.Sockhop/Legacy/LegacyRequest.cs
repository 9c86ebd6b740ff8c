using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Legacy;

/// <summary>What 1.8 asks with.</summary>
/// <param name="Uuid">Comes back with every packet of the response.</param>
/// <param name="Data">The value.</param>
/// <param name="Type">What the value is called.</param>
[SockhopType("SockhopRequest")]
internal sealed record LegacyRequest(
    [property: JsonPropertyName("uuid")] string? Uuid,
    [property: JsonPropertyName("data")] JsonElement Data,
    [property: JsonPropertyName("type")] string? Type);
