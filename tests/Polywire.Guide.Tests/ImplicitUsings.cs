namespace Polywire.Guide.Tests;

/// <summary>The namespaces that the SDKs import where <c>ImplicitUsings</c> is on.</summary>
internal static class ImplicitUsings
{
    private static readonly string[] Plain =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Threading", "System.Threading.Tasks",
    ];

    private static readonly string[] WebOnly =
    [
        "System.Net.Http.Json", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>Those of <c>Microsoft.NET.Sdk</c>, as a source file.</summary>
    public static string Sdk { get; } = Text(Plain);

    /// <summary>Those of <c>Microsoft.NET.Sdk.Web</c>, as a source file.</summary>
    public static string WebSdk { get; } = Text([.. Plain, .. WebOnly]);

    private static string Text(string[] names) => string.Concat(names.Select(name => $"global using {name};\n"));
}
