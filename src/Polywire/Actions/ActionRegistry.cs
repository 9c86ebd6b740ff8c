using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;
using Polywire.Doors;
using Polywire.Inputs;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;
using Polywire.Schemas;

namespace Polywire.Actions;

/// <summary>Every action by name and version; frozen when the host starts, and asked with the bytes that came.</summary>
[Experimental("PWX0001")]
public sealed partial class ActionRegistry
{
    private const Transports WithVerbs = Transports.WebSocket | Transports.Socket | Transports.Sockhop;

    // Days that the system's timers can count.
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromDays(24);

    private readonly Lock _gate = new();
    private readonly List<ActionDescriptor> _actions;
    private volatile Frozen? _frozen;
    private readonly IEnumerable<MiddlewareRegistration> _middleware;
    private readonly IEnumerable<PostProcessorRegistration> _postProcessors;
    private readonly PolywireJson _json;
    private readonly IOptions<PolywireOptions> _options;
    private readonly IServiceProvider _services;
    private readonly ILogger<ActionRegistry> _logger;

    internal ActionRegistry(
        IEnumerable<ActionDescriptor> registered,
        IEnumerable<MiddlewareRegistration> middleware,
        IEnumerable<PostProcessorRegistration> postProcessors,
        PolywireJson json,
        IOptions<PolywireOptions> options,
        IServiceProvider services,
        ILogger<ActionRegistry> logger)
    {
        _middleware = middleware;
        _postProcessors = postProcessors;
        _json = json;
        _options = options;
        _services = services;
        _logger = logger;
        _actions = [.. registered];
    }

    /// <summary>Every action, by name and then by version.</summary>
    public IReadOnlyList<ActionDescriptor> All => Freeze().All;

    /// <summary>The names that any input or safe param has: what <c>paramAdd</c> keeps (core.md I-12); null keeps everything.</summary>
    public ParamFilter? PostVariables => Freeze().PostVariables;

    /// <summary>The secret inputs of all actions together: what is hidden of a run that found no action.</summary>
    public IReadOnlyList<InputDescriptor> Secrets => Freeze().Secrets;

    /// <summary>The documentation of all actions, JSON.</summary>
    public ReadOnlyMemory<byte> Documentation => Freeze().Documentation;

    /// <summary>Adds an action until the host starts.</summary>
    /// <exception cref="InvalidOperationException">The host has started.</exception>
    public void Add(ActionDescriptor action)
    {
        lock (_gate)
        {
            if (_frozen is not null)
            {
                throw new InvalidOperationException($"Action {action} comes too late: actions are added before the host starts.");
            }

            _actions.Add(action);
        }
    }

    /// <summary>Adds an action unless there is one of its name already.</summary>
    public void AddIfMissing(ActionDescriptor action)
    {
        lock (_gate)
        {
            if (_frozen is null && _actions.TrueForAll(other => other.Name != action.Name))
            {
                _actions.Add(action);
            }
        }
    }

    /// <summary>The action that the params <c>action</c> and <c>apiVersion</c> name; the version is put among the run's params (core.md P-8).</summary>
    public ActionDescriptor? Find(ActionParams parameters)
    {
        if (!parameters.IsChanged && parameters.Set is { } set)
        {
            return Find(set);
        }

        if (parameters["action"] is not string text || !Freeze().ByName.TryGetValue(text, out var versions))
        {
            return null;
        }

        return parameters.GetText("apiVersion") is { Length: > 0 } asked and not "0" and not "false" ? versions.Find(asked) : versions.Latest;
    }

    /// <summary>The action that runs with these params, if nobody changes them.</summary>
    public ActionDescriptor? Find(ParamSet set)
    {
        var frozen = Freeze();
        ActionVersions? versions;
        if (!set.TryFind("action"u8, out var name) || !name.IsString)
        {
            return null;
        }

        if (name.Kind == ParamKind.Text)
        {
            frozen.Utf8.TryGetValue(name.Bytes, out versions);
        }
        else if (!name.Bytes.Contains((byte)'\\'))
        {
            frozen.Utf8.TryGetValue(name.Bytes[1..^1], out versions);
        }
        else
        {
            frozen.ByName.TryGetValue(name.GetText(), out versions);
        }

        return versions is null ? null
            : set.TryFind("apiVersion"u8, out var version) && !version.IsFalsy ? versions.Find(version)
            : versions.Latest;
    }

    /// <summary>Whether any version of an action has the name.</summary>
    public bool Exists(string name) => Freeze().ByName.ContainsKey(name);

    /// <summary>Whether there is more than one version of an action.</summary>
    public bool HasVersions(string name) => Freeze().ByName.TryGetValue(name, out var versions) && versions.Count > 1;

    /// <summary>Finds an action without a run.</summary>
    /// <param name="name">The name, with case.</param>
    /// <param name="version">The version; null for the latest.</param>
    public ActionDescriptor? Find(string name, string? version) =>
        Freeze().ByName.TryGetValue(name, out var versions) ? version is null ? versions.Latest : versions.Find(version) : null;

    /// <summary>Makes the tables; later calls give the same ones.</summary>
    internal Frozen Freeze()
    {
        if (_frozen is { } frozen)
        {
            return frozen;
        }

        lock (_gate)
        {
            return _frozen ??= Build();
        }
    }

    private Frozen Build()
    {
        var byName = new Dictionary<string, List<ActionDescriptor>>(StringComparer.Ordinal);
        foreach (var action in _actions)
        {
            // Requests of the web have no verbs: what runs on no connection that has may be called as it likes.
            if (VerbTable.Find(action.Name) != Verb.None && action.Allows(WithVerbs))
            {
                throw new InvalidOperationException(
                    $"Action `{action.Name}` has the name of a verb of connections: choose another ({string.Join(", ", VerbTable.Names)} are taken).");
            }

            if (!byName.TryGetValue(action.Name, out var versions))
            {
                byName.Add(action.Name, versions = []);
            }

            if (versions.RemoveAll(other => other.Version == action.Version) > 0)
            {
                Log.ActionReplaced(_logger, action);
            }

            versions.Add(action);
        }

        var all = byName.Values.SelectMany(versions => versions).OrderBy(action => action.Name, StringComparer.Ordinal).ThenBy(action => action.Version).ToArray();
        var scrub = !_options.Value.DisableParamScrubbing;
        var conventions = _services.GetServices<IActionConvention>().ToArray();
        var known = _services.GetService<IServiceProviderIsService>();
        var global = _middleware.OrderBy(registration => registration.Order).ToArray();
        var globalAfter = _postProcessors.OrderBy(registration => registration.Order).Select(registration => registration.Resolve).ToArray();
        foreach (var action in all)
        {
            if (action.Timeout < TimeSpan.Zero || action.Timeout > LongestTimeout)
            {
                throw new InvalidOperationException($"Action {action} has a timeout of {action.Timeout}: allowed is {TimeSpan.Zero} to {LongestTimeout}.");
            }

            // First, as conventions look at the inputs.
            action.Prepare(_json);
            foreach (var convention in conventions)
            {
                convention.Apply(action);
            }

            CheckMiddleware(action, known);
            action.Filter = scrub ? new ParamFilter(action.Inputs.Select(input => input.Name), _options.Value.SafeParams) : null;
            action.Pipeline = Compose(action, global);
            action.AfterRun = [.. globalAfter, .. action.PostProcessors];
            action.Freeze();
        }

        return new Frozen(
            byName.ToDictionary(pair => pair.Key, pair => new ActionVersions(pair.Value)),
            all,
            scrub ? new ParamFilter(all.SelectMany(action => action.Inputs).Select(input => input.Name), _options.Value.SafeParams) : null,
            SecretInputs.Of(all),
            ActionDocumentation.Write(all, _json));
    }

    // Only its type is asked for: making one may be meant for a run alone. A container of another kind may not be able to tell.
    private static void CheckMiddleware(ActionDescriptor action, IServiceProviderIsService? known)
    {
        foreach (var type in action.Metadata.OfType<IUsesMiddleware>().Select(use => use.MiddlewareType))
        {
            if (known?.IsService(type) == false)
            {
                throw new InvalidOperationException(
                    $"Action {action} uses the middleware {type}, which is not registered: add it to the services, as in services.AddScoped<{type.Name}, …>().");
            }
        }
    }

    private ActionDelegate? Compose(ActionDescriptor action, MiddlewareRegistration[] global)
    {
        var outer = global.Select(registration => registration.Resolve).ToArray();
        Func<IServiceProvider, IActionMiddleware>[] steps = [.. outer, .. action.Middleware];
        if (steps.Length == 0 && action.Guards.Count == 0)
        {
            return null;
        }

        // The processor needs this registry, so it is asked for only when the first run comes.
        ActionProcessor? processor = null;
        ActionDelegate next = context => (processor ??= _services.GetRequiredService<ActionProcessor>()).RunActionAsync(context);
        for (var i = steps.Length - 1; i >= outer.Length; i--)
        {
            next = Around(steps[i], next);
        }

        // Inside the global middleware, which may be what tells who asks. They need no services of the run, so no scope is made for them.
        foreach (var guard in action.Guards.Reverse())
        {
            var inner = next;
            next = context => guard.InvokeAsync(context, inner);
        }

        for (var i = outer.Length - 1; i >= 0; i--)
        {
            next = Around(outer[i], next);
        }

        return next;

        static ActionDelegate Around(Func<IServiceProvider, IActionMiddleware> resolve, ActionDelegate inner) =>
            context => resolve(context.Services).InvokeAsync(context, inner);
    }

    /// <summary>The tables of a running host.</summary>
    internal sealed class Frozen
    {
        public Frozen(
            Dictionary<string, ActionVersions> byName,
            IReadOnlyList<ActionDescriptor> all,
            ParamFilter? postVariables,
            IReadOnlyList<InputDescriptor> secrets,
            ReadOnlyMemory<byte> documentation)
        {
            ByName = new Dictionary<string, ActionVersions>(byName, Utf8NameComparer.Instance);
            Utf8 = ByName.GetAlternateLookup<ReadOnlySpan<byte>>();
            All = all;
            PostVariables = postVariables;
            Secrets = secrets;
            Documentation = documentation;
        }

        public Dictionary<string, ActionVersions> ByName { get; }

        public Dictionary<string, ActionVersions>.AlternateLookup<ReadOnlySpan<byte>> Utf8 { get; }

        public IReadOnlyList<ActionDescriptor> All { get; }

        public ParamFilter? PostVariables { get; }

        public IReadOnlyList<InputDescriptor> Secrets { get; }

        public ReadOnlyMemory<byte> Documentation { get; }
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ActionReplaced, LogLevel.Warning, "an existing action with the same name and version, {Action}, is replaced by one added later")]
        public static partial void ActionReplaced(ILogger logger, ActionDescriptor action);
    }
}
