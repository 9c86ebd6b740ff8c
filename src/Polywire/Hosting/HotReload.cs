using System.Reflection;
using System.Reflection.Metadata;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Polywire.Actions;
using Polywire.Diagnostics;

[assembly: MetadataUpdateHandler(typeof(Polywire.Hosting.HotReload))]

namespace Polywire.Hosting;

/// <summary>Says what hot reload does not bring: actions are found when the host starts, so one that was written since is not known.</summary>
/// <remarks>
/// Changed code of actions that are known runs from the next request on, without anybody's help. Where actions come and go, the generated registration changes
/// in a way that needs a restart, so this hears of new ones only where the project has no such registration. Called by the runtime.
/// </remarks>
internal static partial class HotReload
{
    private static readonly ConditionalWeakTable<ActionRegistry, ILogger> Hosts = [];

    /// <summary>Watches for a host that has started.</summary>
    public static void Watch(ActionRegistry registry, ILogger logger) => Hosts.AddOrUpdate(registry, logger);

    /// <summary>Ends the watch.</summary>
    public static void Forget(ActionRegistry registry) => Hosts.Remove(registry);

    /// <summary>Called after code was changed.</summary>
    /// <param name="updated">The types that were changed or added; <see langword="null"/> if they are not known.</param>
    public static void UpdateApplication(Type[]? updated)
    {
        // One that its contract names is told of by the registration alone.
        foreach (var name in (updated ?? []).Select(type => type.GetCustomAttribute<ActionAttribute>(inherit: false)?.Name).OfType<string>())
        {
            foreach (var (registry, logger) in Hosts)
            {
                if (!registry.All.Any(known => known.Name == name))
                {
                    Log.NewAction(logger, name);
                }
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventIds.ActionAddedByReload,
            LogLevel.Warning,
            "action {Action} was added by hot reload and is not known yet: restart the application (Ctrl+R in dotnet watch, or dotnet watch --no-hot-reload)")]
        public static partial void NewAction(ILogger logger, string action);
    }
}
