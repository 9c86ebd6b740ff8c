using System.Text.Json.Serialization;

namespace Polywire.Rooms;

/// <summary>What a node tells the others when a room was removed.</summary>
internal sealed record RoomDestroyed(string Room, long Generation);

[JsonSerializable(typeof(RoomDestroyed))]
[JsonSerializable(typeof(string[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RoomsJson : JsonSerializerContext;
