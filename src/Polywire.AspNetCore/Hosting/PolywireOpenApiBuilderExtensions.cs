using System.Text.Json.Nodes;
using Polywire;
using Polywire.AspNetCore.OpenApi;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Changes the OpenAPI document.</summary>
public static class PolywireOpenApiBuilderExtensions
{
    /// <summary>Changes the OpenAPI document before it is served: servers, security schemes, tags.</summary>
    /// <remarks>The document is there where <see cref="WebOptions.OpenApiPath"/> is set.</remarks>
    /// <param name="builder">The builder.</param>
    /// <param name="change">Is given the whole document; runs when it is first asked for, and again when a route was added since.</param>
    public static IPolywireBuilder ChangeOpenApi(this IPolywireBuilder builder, Action<JsonObject> change)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(change);
        builder.Services.AddSingleton(new OpenApiChange(change));
        return builder;
    }
}
