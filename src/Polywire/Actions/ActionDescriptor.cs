using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using Polywire.Json;
using Polywire.Params;
using Polywire.Pipeline;

namespace Polywire;

/// <summary>Everything that is known of one version of one action; made by the generator, by <c>MapAction</c> or by <c>MapDynamicAction</c>.</summary>
/// <remarks>Shared by all runs. Once the host starts nothing can be set any more: an <see cref="InvalidOperationException"/> says so.</remarks>
public abstract class ActionDescriptor
{
    private string? _description;
    private InputDescriptor[] _inputs = [];
    private volatile bool _isFrozen;

    private protected ActionDescriptor(string name, ActionVersion version)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        Version = version;
    }

    /// <summary>The name by which clients call the action, with case.</summary>
    public string Name { get; }

    /// <summary>The version.</summary>
    public ActionVersion Version { get; internal set => field = Unfrozen(value); }

    /// <summary>Shown in documentation; the name where none was given.</summary>
    public string Description
    {
        get => _description ?? Name;
        set => _description = Unfrozen(value);
    }

    /// <summary>The inputs, in the order they are declared and checked.</summary>
    public IReadOnlyList<InputDescriptor> Inputs
    {
        get => _inputs;

        // An array, so that no run has to make one to bind from.
        set => _inputs = Unfrozen(value) as InputDescriptor[] ?? [.. value];
    }

    /// <summary>The type of the answer; <see cref="object"/> where it is not known before the run.</summary>
    public abstract Type OutputType { get; }

    /// <summary>The attributes of the class and what was added by hand, for middleware to look at.</summary>
    public IReadOnlyList<object> Metadata { get; set => field = Unfrozen(value); } = [];

    /// <summary>The transports that may run it, and no others; <see langword="null"/>, the default, is every one.</summary>
    public Transports? AllowedTransports { get; set => field = Unfrozen(value); }

    /// <summary>The transports that may not run it, even if they are allowed; none by default.</summary>
    public Transports BlockedTransports { get; set => field = Unfrozen(value); }

    /// <summary>The deadline of a run; <see langword="null"/> takes <see cref="PolywireOptions.ActionTimeout"/>, zero is none.</summary>
    public TimeSpan? Timeout { get; set => field = Unfrozen(value); }

    /// <summary>The level of the log line; <see cref="LogLevel.Information"/> by default.</summary>
    public LogLevel LogLevel { get; set => field = Unfrozen(value); } = LogLevel.Information;

    /// <summary>Whether it appears in the documentation; <see langword="true"/> by default.</summary>
    public bool Documented { get; set => field = Unfrozen(value); } = true;

    /// <summary>An example of the answer for the documentation; <see langword="null"/> if none was given.</summary>
    public object? OutputExample { get; set => field = Unfrozen(value); }

    /// <summary>The action's own middleware, outermost first; each is asked for at each run.</summary>
    public IReadOnlyList<Func<IServiceProvider, IActionMiddleware>> Middleware { get; set => field = Unfrozen(value); } = [];

    /// <summary>The action's own post-processors, after the global ones; each is asked for at each run.</summary>
    public IReadOnlyList<Func<IServiceProvider, IPostProcessor>> PostProcessors { get; set => field = Unfrozen(value); } = [];

    /// <summary>Whether connections of a transport may run it, as <see cref="AllowedTransports"/> and <see cref="BlockedTransports"/> say.</summary>
    /// <param name="transports">The transport; of several, whether any may.</param>
    public bool Allows(Transports transports) => AllowedAmong(transports) != Transports.None;

    /// <summary>The name and version as they stand in messages: <c>transfer v2</c>.</summary>
    public override string ToString() => $"{Name} v{Version}";

    /// <summary>Tells which of the given transports may run the action.</summary>
    [Experimental("PWX0001")]
    public Transports AllowedAmong(Transports transports) => transports & ~BlockedTransports & (AllowedTransports ?? transports);

    /// <summary>Binds and validates the inputs and runs the action; leaves the answer or the error on the context.</summary>
    internal abstract ValueTask InvokeAsync(ActionContext context);

    /// <summary>Checks what can only be checked once all services are there: that the types it sends have JSON metadata.</summary>
    /// <exception cref="NotSupportedException">A type has no JSON metadata.</exception>
    internal virtual void Prepare(PolywireJson json)
    {
        MatchesExtension = Metadata.OfType<MatchExtensionMimeTypeAttribute>().LastOrDefault()?.Enabled ?? true;
        if (OutputType != typeof(object) && OutputType != typeof(ActionResult))
        {
            OutputTypeInfo = json.GetTypeInfo(OutputType);
            HasPlainOutput = OutputTypeInfo.Kind == JsonTypeInfoKind.Object
                && OutputTypeInfo.PolymorphismOptions is null
                && OutputTypeInfo.Properties.All(property => !property.IsExtensionData && !ReservedNames.Everywhere.Contains(property.Name));
        }
    }

    /// <summary>The JSON metadata of the answer's type; <see langword="null"/> where the type is known only at run time, and before the host starts.</summary>
    [Experimental("PWX0001")]
    public JsonTypeInfo? OutputTypeInfo { get; private set; }

    /// <summary>Whether the answer's keys are known and none of them is a protocol's.</summary>
    [Experimental("PWX0001")]
    public bool HasPlainOutput { get; private set; }

    /// <summary>Whether the extension of a path sets the content type on the web.</summary>
    [Experimental("PWX0001")]
    public bool MatchesExtension { get; private set; } = true;

    /// <summary>The params that a run may see; set when the registry is frozen, null where scrubbing is off.</summary>
    internal ParamFilter? Filter { get; set; }

    /// <summary>Middleware that decides whether a run goes on to <see cref="Middleware"/>, as authorization does, outermost first. One instance serves all runs, concurrently.</summary>
    [Experimental("PWX0001")]
    public IReadOnlyList<IActionMiddleware> Guards { get; set => field = Unfrozen(value); } = [];

    /// <summary>All post-processors, in the order they run.</summary>
    internal Func<IServiceProvider, IPostProcessor>[] AfterRun { get; set; } = [];

    /// <summary>The whole chain around <see cref="InvokeAsync"/>; null where there is no middleware.</summary>
    internal ActionDelegate? Pipeline { get; set; }

    /// <summary>Lets nothing public be set any more.</summary>
    internal void Freeze() => _isFrozen = true;

    private T Unfrozen<T>(T value) =>
        _isFrozen ? throw new InvalidOperationException($"Action {this} is served already: set what is to be said of it before the host starts.") : value;
}
