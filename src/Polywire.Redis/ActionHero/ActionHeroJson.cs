using System.Text.Json.Serialization;

namespace Polywire.Redis.ActionHero;

/// <summary>JSON of arguments.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class ActionHeroJson : JsonSerializerContext;
