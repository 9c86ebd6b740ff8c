using System.Text.Json.Serialization;
using Polywire.Json;

namespace Polywire.Rooms;

/// <summary>What the presence store keeps of a member (core.md R-9).</summary>
internal sealed record StoredMember(
    string Id, [property: JsonConverter(typeof(UnixMillisecondsConverter))] DateTimeOffset JoinedAt, string Host);

/// <summary>What one node asks another about a connection.</summary>
internal sealed record MembershipRequest(string Connection, string Room, bool Join);

/// <summary>The other node's answer; a null error is success.</summary>
internal sealed record MembershipAnswer(string? Error);

[JsonSerializable(typeof(StoredMember))]
[JsonSerializable(typeof(MembershipRequest))]
[JsonSerializable(typeof(MembershipAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class RoomsJson : JsonSerializerContext;
