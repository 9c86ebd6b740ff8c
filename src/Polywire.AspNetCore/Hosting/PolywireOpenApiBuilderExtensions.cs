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
    /// <param name="configure">Is given the whole document; runs when it is first asked for, and again when a route was added since.</param>
    public static IPolywireBuilder ConfigureOpenApi(this IPolywireBuilder builder, Action<JsonObject> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        builder.Services.AddSingleton(new OpenApiChange(configure));
        return builder;
    }
}
