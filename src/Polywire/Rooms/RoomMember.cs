using System.Text.Json.Serialization;
using Polywire.Json;

namespace Polywire;

/// <summary>A member of a room as others see it.</summary>
/// <param name="Id">The connection's id.</param>
/// <param name="JoinedAt">When it joined; milliseconds since 1970 in JSON.</param>
public sealed record RoomMember(string Id, [property: JsonConverter(typeof(UnixMillisecondsConverter))] DateTimeOffset JoinedAt);
