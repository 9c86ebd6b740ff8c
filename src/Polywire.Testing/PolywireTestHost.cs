using System.Security.Claims;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Polywire.Actions;
using Polywire.Doors;
using Polywire.Hosting;
using Polywire.Json;

namespace Polywire.Testing;

/// <summary>A whole application without a port: the real pipeline, rooms and services, for tests of one's own actions.</summary>
/// <remarks>
/// <para>
/// Runs in environment <c>Development</c> on a clock that stands still (<see cref="Time"/>), reads no files and no environment variables,
/// and logs to <see cref="Logs"/> alone. Deadlines and delays on the host's <see cref="TimeProvider"/> pass when the test advances the
/// clock. <see cref="PolywireTestHostOptions"/> changes each of these.
/// </para>
/// <para>Safe to use concurrently. Disposing it closes its connections and stops the host as a real one stops.</para>
/// </remarks>
public sealed class PolywireTestHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly TimeProvider _time;
    private readonly TimeSpan _waitLimit;
    private readonly Lock _gate = new();
    private readonly List<TestConnection> _connections = [];
    private Task? _stopping;

    private PolywireTestHost(IHost host, PolywireTestHostOptions options)
    {
        _host = host;
        _time = options.Time;
        _waitLimit = options.WaitLimit;
        Logs = host.Services.GetFakeLogCollector();
    }

    /// <summary>The application's services; scoped ones need a scope.</summary>
    public IServiceProvider Services => _host.Services;

    /// <summary>Everything that was logged, from before the start on.</summary>
    /// <remarks>Stays readable when the host is disposed. Times of its records are real ones, not those of <see cref="Time"/>.</remarks>
    public FakeLogCollector Logs { get; }

    /// <summary>The host's clock.</summary>
    /// <exception cref="InvalidOperationException">The host was given a clock that is no <see cref="ManualTimeProvider"/>.</exception>
    public ManualTimeProvider Time =>
        _time as ManualTimeProvider
        ?? throw new InvalidOperationException($"This host was given a {_time.GetType().Name}, which is no {nameof(ManualTimeProvider)}: what moves it is the test's own.");

    /// <summary>The rooms of the host.</summary>
    public IRooms Rooms => Services.GetRequiredService<IRooms>();

    /// <summary>Makes a host and starts it.</summary>
    /// <param name="configure">Adds actions, rooms and middleware, as the application does on what <c>AddPolywire</c> returns.</param>
    /// <param name="options">Changes the host itself; null leaves it as it is by default.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="Exception">Whatever stops the real application's start: a bad setting, a bad action.</exception>
    public static async Task<PolywireTestHost> StartAsync(
        Action<IPolywireBuilder> configure, Action<PolywireTestHostOptions>? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var chosen = new PolywireTestHostOptions();
        options?.Invoke(chosen);
        var built = Build(configure, chosen);
        try
        {
            await built.StartAsync(cancellationToken).ConfigureAwait(false);
            return new PolywireTestHost(built, chosen);
        }
        catch
        {
            built.Dispose();
            throw;
        }
    }

    /// <summary>Connects a client: registered, past the connection middleware, able to run actions and to be in rooms.</summary>
    /// <param name="user">Who connects; null for an anonymous client.</param>
    /// <param name="cancellationToken">Gives the connecting up.</param>
    /// <exception cref="ActionException">A connection middleware refused it; the status is <see cref="ActionStatus.Forbidden"/>.</exception>
    public async Task<TestConnection> ConnectAsync(ClaimsPrincipal? user = null, CancellationToken cancellationToken = default)
    {
        var services = Services.GetRequiredService<ConnectionServices>();
        var connection = await InProcessConnection.OpenAsync(services, user, cancellationToken).ConfigureAwait(false);
        var client = new TestConnection(connection, services, Services.GetRequiredService<PolywireJson>(), Services.GetRequiredService<ActionRegistry>(), _waitLimit);
        lock (_gate)
        {
            _connections.Add(client);
        }

        return client;
    }

    /// <summary>Runs an action without a connection that stays, as code inside the application does through <see cref="IActions"/>.</summary>
    /// <inheritdoc cref="IActions.RunAsync{TOutput}(string, object?, CancellationToken)"/>
    /// <exception cref="TimeoutException">It was not answered within <see cref="PolywireTestHostOptions.WaitLimit"/>.</exception>
    public Task<TOutput> RunAsync<TOutput>(string name, object? input = null, CancellationToken cancellationToken = default) =>
        Services.GetRequiredService<IActions>().RunAsync<TOutput>(name, input, cancellationToken).AsTask()
            .WithinAsync(_waitLimit, $"action {name} was not answered", cancellationToken);

    /// <summary>Begins and finishes the host's stop; from its beginning on, actions are refused. Does nothing the second time.</summary>
    public Task StopAsync()
    {
        lock (_gate)
        {
            return _stopping ??= _host.StopAsync();
        }
    }

    /// <summary>Closes the connections, stops the host and disposes its services.</summary>
    public async ValueTask DisposeAsync()
    {
        TestConnection[] connections;
        lock (_gate)
        {
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            await connection.CloseAsync(CloseReason.ServerStopping).ConfigureAwait(false);
        }

        await StopAsync().ConfigureAwait(false);
        if (_host is IAsyncDisposable host)
        {
            await host.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _host.Dispose();
        }
    }

    private static IHost Build(Action<IPolywireBuilder> configure, PolywireTestHostOptions options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            EnvironmentName = options.EnvironmentName,
            ContentRootPath = options.ContentRootPath,
        });
        builder.Configuration.AddInMemoryCollection(options.Configuration);
        builder.Logging.SetMinimumLevel(options.MinimumLogLevel).AddFakeLogging();
        builder.Services.AddMetrics();
        builder.Services.AddSingleton<TestRun>();
        options.Apply(builder.Services);
        builder.Services.TryAddSingleton(options.Time);
        configure(builder.AddPolywire(options.Apply));
        return builder.Build();
    }
}
