using System.Text.Json.Serialization;

namespace Polywire.Sockhop.Json;

/// <summary>What a handler's exception is answered with.</summary>
internal sealed record ErrorReply([property: JsonPropertyName("message")] string Message);
