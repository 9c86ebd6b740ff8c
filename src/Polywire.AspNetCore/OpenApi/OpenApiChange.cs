using System.Text.Json.Nodes;

namespace Polywire.AspNetCore.OpenApi;

/// <summary>What the application does to the document before it is served.</summary>
internal sealed record OpenApiChange(Action<JsonObject> Apply);
