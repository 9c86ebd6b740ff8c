using System.Text.Json.Serialization;
using Polywire.Json;

namespace Polywire;

/// <summary>A member of a room as others see it.</summary>
public sealed record RoomMember
{
    /// <summary>The connection's id.</summary>
    public required string Id { get; init; }

    /// <summary>When the connection joined; milliseconds since 1970 in JSON.</summary>
    [JsonConverter(typeof(UnixMillisecondsConverter))]
    public required DateTimeOffset JoinedAt { get; init; }
}
