using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Polywire.Testing;

/// <summary>What a test host is made of besides what <c>AddPolywire</c> is given.</summary>
public sealed class PolywireTestHostOptions
{
    private readonly List<Action<IServiceCollection>> _services = [];
    private readonly List<Action<PolywireOptions>> _polywire = [];

    /// <summary>
    /// The host's environment; <c>Development</c> by default, so that a test reads the message of an unexpected exception. With
    /// <c>Production</c> it reads what clients read.
    /// </summary>
    public string EnvironmentName { get; set; } = "Development";

    /// <summary>Where relative public folders begin; the folder of the tests' assembly by default.</summary>
    public string ContentRootPath { get; set; } = AppContext.BaseDirectory;

    /// <summary>Settings by their path, <c>Polywire:ServerName</c>; empty by default. Nothing else is read: no file, no environment variable.</summary>
    public IDictionary<string, string?> Configuration { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The host's clock, of any kind; a <see cref="ManualTimeProvider"/> that stands still by default.</summary>
    public TimeProvider Time { get; set; } = new ManualTimeProvider();

    /// <summary>How long, in real time, <see cref="TestConnection"/> waits for an answer or a message; 10 seconds by default.</summary>
    public TimeSpan WaitLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The lowest level that is logged, and so kept in <see cref="PolywireTestHost.Logs"/>; everything by default.</summary>
    /// <remarks>Where the test adds filters of its own to the logging, they count for their categories.</remarks>
    public LogLevel MinimumLogLevel { get; set; } = LogLevel.Trace;

    /// <summary>Registers services of the application, or fakes in their place; runs before <c>AddPolywire</c>, whose own registrations give way.</summary>
    /// <param name="configure">Called once, when the host is made.</param>
    public PolywireTestHostOptions ConfigureServices(Action<IServiceCollection> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _services.Add(configure);
        return this;
    }

    /// <summary>Sets options of the core; runs after <see cref="Configuration"/>, so that what it sets wins.</summary>
    /// <param name="configure">Called once, when the options are first read.</param>
    public PolywireTestHostOptions ConfigurePolywire(Action<PolywireOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        _polywire.Add(configure);
        return this;
    }

    internal void Apply(IServiceCollection services) => _services.ForEach(configure => configure(services));

    internal void Apply(PolywireOptions options) => _polywire.ForEach(configure => configure(options));
}
