using Microsoft.Extensions.DependencyInjection.Extensions;
using Polywire;
using Polywire.BuiltIn;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The actions that Polywire brings along.</summary>
public static class BuiltInActionExtensions
{
    /// <summary>
    /// Adds <c>status</c>, <c>showDocumentation</c>, <c>randomNumber</c>, <c>cacheTest</c>, <c>sleepTest</c>, <c>createChatRoom</c> and
    /// <c>validationTest</c>. Leave it out and none of them is there.
    /// </summary>
    public static IPolywireBuilder AddBuiltInActions(this IPolywireBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<NodeHealth>();
        return builder.AddCoreActions();
    }
}
