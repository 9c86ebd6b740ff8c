using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Polywire.Tests.Inputs;

#pragma warning disable PW0013 // One of the two versions is a word, to see it.

internal interface IClock
{
    string Now { get; }
}

internal sealed class FixedClock(string now) : IClock
{
    public string Now => now;
}

internal sealed class Stamp : IActionMiddleware
{
    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context);
}

internal sealed class Seal : IActionMiddleware
{
    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context);
}

/// <summary>What an attribute of an application may hold.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class TaggedAttribute(string name, params int[] numbers) : Attribute
{
    public string Name { get; } = name;

    public int[] Numbers { get; } = numbers;

    public Type? Kind { get; set; }

    public DayOfWeek Day { get; init; }
}

/// <summary>Inherited.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OfTheBaseAttribute : Attribute;

[OfTheBase]
internal abstract class ServedBase
{
    /// <summary>Which clock.</summary>
    public sealed record Input
    {
        /// <summary>The <c>zone</c>, see <see cref="IClock.Now"/>
        /// or <paramref name="x"/>.</summary>
        [Secret]
        public string? Zone { get; init; }
    }
}

/// <summary>
/// Tells   the time &amp; the <see cref="IClock"/>'s <see langword="null"/>.
/// </summary>
/// <remarks>Not shown.</remarks>
[Action("served", TextVersion = "beta", Documented = false)]
[BlockTransport(Transports.Socket | Transports.Web)]
[Timeout("00:00:10.5")]
[LogAs(LogLevel.Debug)]
[Use<Stamp>]
[Use<Seal>]
[Tagged("a\"b", 1, 2, Kind = typeof(List<string>), Day = DayOfWeek.Monday)]
internal sealed class ServedAction(
    IClock clock,
    [FromKeyedServices("other")] IClock other,
    IServiceProvider services,
    ILoggerFactory? logs = null,
    int count = 3) : ServedBase, IAction<ServedBase.Input, string>
{
    public ValueTask<string> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new($"{clock.Now} {other.Now} {services is not null} {logs is null} {count}");
}

[Action("served", Version = 2, Description = "Said otherwise.")]
[AllowTransport(Transports.Web | Transports.WebSocket)]
internal sealed class ServedAgainAction : ServedBase, IAction<ServedBase.Input, string>
{
    public ValueTask<string> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new("again");
}
