using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Redis.Diagnostics;
using Polywire.Redis.Scripts;
using StackExchange.Redis;

namespace Polywire.Redis.Connection;

/// <summary>The way to Redis: one multiplexer, and a deadline for everything that is asked over it (cluster.md NO-3, NO-65). Safe to use concurrently.</summary>
/// <remarks>
/// Whatever Redis does, a call ends within <see cref="RedisOptions.Timeout"/>. A command that may have been executed is not sent again. What the events of the
/// multiplexer tell is a hint alone: whether the link is up is judged by <see cref="LinkHealth"/>.
/// </remarks>
internal sealed partial class RedisLink(
    RedisSource source,
    IServiceProvider services,
    IOptions<RedisOptions> options,
    NodeIdentity node,
    RedisMetrics metrics,
    TimeProvider time,
    ILogger<RedisLink> logger) : IAsyncDisposable
{
    private const string NoScript = "NOSCRIPT";

    // What Redis says while it cannot serve, though it answers: not the fault of what was asked.
    private static readonly string[] AwayWords = ["LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN", "NOREPLICAS", "BUSY", "OOM", "MISCONF", "NOAUTH", "WRONGPASS", "ERR max number of clients"];

    private IConnectionMultiplexer? _multiplexer;
    private ISubscriber? _subscriber;
    private RedisKeys? _keys;

    /// <summary>A connection of the multiplexer was lost, with the reason. Raised on threads of the multiplexer; handlers do not block.</summary>
    public event Action<string>? Lost;

    /// <summary>A connection of the multiplexer is back. Raised likewise.</summary>
    public event Action? Restored;

    public RedisOptions Options => options.Value;

    /// <summary>The names of keys and channels; known once connected.</summary>
    public RedisKeys Keys => _keys ?? throw new ClusterNotReachableException();

    /// <summary>HOST:PORT, for logs and errors.</summary>
    public string Address { get; private set; } = "Redis";

    /// <summary>Whether the server is a Redis Cluster.</summary>
    public bool IsCluster { get; private set; }

    /// <summary>Whether the multiplexer is Polywire's own, so that it can be replaced.</summary>
    public bool IsOwn => !source.IsGiven;

    /// <summary>Whether both connections of the multiplexer say that they are there.</summary>
    public bool IsConnected => _multiplexer is { } multiplexer && multiplexer.IsConnected && Subscriber.IsConnected();

    /// <summary>For subscriptions and publishing; of the multiplexer of now.</summary>
    /// <exception cref="ClusterNotReachableException">The link has not been connected yet.</exception>
    public ISubscriber Subscriber => Volatile.Read(ref _subscriber) ?? throw new ClusterNotReachableException();

    private IConnectionMultiplexer Multiplexer => _multiplexer ?? throw new ClusterNotReachableException();

    /// <summary>The number of the database that keys are in.</summary>
    public int Database => Multiplexer.GetDatabase().Database;

    /// <summary>The servers that have the keys: one, or the primaries of a Redis Cluster.</summary>
    /// <exception cref="ClusterNotReachableException">None can be reached.</exception>
    public IReadOnlyList<IServer> Primaries()
    {
        IServer[] primaries = [.. Multiplexer.GetServers().Where(static server => server is { IsConnected: true, IsReplica: false })];
        return primaries.Length > 0 ? primaries : throw new ClusterNotReachableException();
    }

    /// <summary>Connects; called once, at the start (cluster.md NO-8).</summary>
    /// <exception cref="InvalidOperationException">Redis was not there within <see cref="RedisOptions.StartTimeout"/>.</exception>
    public async Task ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Options.StartTimeout);
        Exception? last = null;
        try
        {
            Use(await MakeAsync().WaitAsync(limit.Token));
            while (true)
            {
                try
                {
                    await Multiplexer.GetDatabase().PingAsync().WaitAsync(Options.Timeout, time, limit.Token);
                    break;
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    last = exception;
                    await Task.Delay(TimeSpan.FromMilliseconds(100), time, limit.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidOperationException(
                $"Redis at {Address} was not reached within {Options.StartTimeout} ({RedisPolywireBuilderExtensions.ConfigurationSection}:{nameof(RedisOptions.StartTimeout)}).", last);
        }

        IsCluster = Multiplexer.GetEndPoints().Any(endPoint => Multiplexer.GetServer(endPoint).ServerType == ServerType.Cluster);
        _keys = new RedisKeys(IsCluster ? Tagged(Options.Prefix) : Options.Prefix, Math.Max(Multiplexer.GetDatabase().Database, 0), IsCluster);
    }

    /// <summary>Sends a command.</summary>
    /// <param name="command">Begins it; may begin several, which go out in one step.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClusterNotReachableException">Redis is away or did not answer in time; the command may have been carried out.</exception>
    public async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> command, CancellationToken cancellationToken)
    {
        var sent = Send(command);
        try
        {
            return await sent.WaitAsync(Options.Timeout, time, cancellationToken);
        }
        catch (Exception exception) when (IsAway(exception))
        {
            metrics.CommandFailed();
            sent.Forget();
            throw new ClusterNotReachableException(exception);
        }
        catch (OperationCanceledException)
        {
            sent.Forget();
            throw;
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    /// <summary>Runs a script: by its hash, and whole where Redis does not know it.</summary>
    public Task<RedisResult> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellationToken) =>
        RunAsync(script.Name, database => RunAsync(database, script, keys, values), cancellationToken);

    /// <inheritdoc cref="CallAsync{T}"/>
    /// <summary>Runs a script many times, in one step on the wire; each run is one of its own for others.</summary>
    public Task<RedisResult[]> RunManyAsync(RedisScript script, IReadOnlyList<(RedisKey[] Keys, RedisValue[] Values)> runs, CancellationToken cancellationToken) =>
        RunAsync(script.Name, database => Task.WhenAll(runs.Select(run => RunAsync(database, script, run.Keys, run.Values))), cancellationToken);

    /// <summary>Makes a new multiplexer in place of one that hangs, where it is Polywire's own (cluster.md NO-67).</summary>
    /// <returns>False where it is the application's.</returns>
    public async Task<bool> ReplaceAsync(CancellationToken cancellationToken)
    {
        if (!IsOwn || _multiplexer is not { } old)
        {
            return false;
        }

        // One that does not connect in its own time is as good: it goes on trying.
        var making = MakeAsync();
        try
        {
            Use(await making.WaitAsync(Options.Timeout * 2, time, cancellationToken));
        }
        catch
        {
            _ = CloseWhenMadeAsync(making);
            throw;
        }

        Unuse(old);
        _ = CloseAsync(old);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        if (_multiplexer is { } multiplexer)
        {
            Unuse(multiplexer);
            if (IsOwn)
            {
                await CloseAsync(multiplexer).WaitAsync(Options.Timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Whether an exception tells that Redis cannot be reached or does not serve, rather than that something is wrong with what was asked.</summary>
    public static bool IsAway(Exception exception) => exception switch
    {
        RedisConnectionException or RedisTimeoutException or TimeoutException or ObjectDisposedException => true,
        RedisServerException server => AwayWords.Any(word => server.Message.StartsWith(word, StringComparison.Ordinal)),
        RedisCommandException => true,
        _ => false,
    };

    private async Task<T> RunAsync<T>(string script, Func<IDatabase, Task<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            return await CallAsync(run, cancellationToken);
        }
        catch (RedisServerException exception)
        {
            // A script that fails is a fault of ours, or of a foreign hand in the data.
            metrics.CommandFailed();
            Log.ScriptFailed(logger, exception, script);
            throw new ClusterNotReachableException(exception);
        }
    }

    private static async Task<RedisResult> RunAsync(IDatabase database, RedisScript script, RedisKey[] keys, RedisValue[] values)
    {
        try
        {
            return await database.ScriptEvaluateAsync(script.Hash, keys, values);
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith(NoScript, StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(script.Text, keys, values, CommandFlags.NoScriptCache);
        }
    }

    // What fails in the call fails in the task.
    private Task<T> Send<T>(Func<IDatabase, Task<T>> command)
    {
        try
        {
            return command(Multiplexer.GetDatabase());
        }
        catch (Exception exception)
        {
            return Task.FromException<T>(exception);
        }
    }

    private async Task<IConnectionMultiplexer> MakeAsync()
    {
        if (source.Multiplexer is { } given)
        {
            return given(services);
        }

        _ = RedisConfiguration.TryParse(Options.Configuration, out var configuration);
        Address = string.Join(',', configuration.EndPoints.Select(TextOf));
        var timeout = (int)Options.Timeout.TotalMilliseconds;
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.AsyncTimeout = timeout;
        configuration.SyncTimeout = timeout;
        configuration.ConnectTimeout = Math.Max(timeout, 1000);
        configuration.ReconnectRetryPolicy = new ExponentialRetry(250, 1000);
        configuration.HeartbeatInterval = TimeSpan.FromMilliseconds(250);
        configuration.ClientName = $"polywire:{node.Id}";
        return await ConnectionMultiplexer.ConnectAsync(configuration);
    }

    private void Use(IConnectionMultiplexer multiplexer)
    {
        multiplexer.ConnectionFailed += OnFailed;
        multiplexer.ConnectionRestored += OnRestored;
        if (source.IsGiven)
        {
            Address = string.Join(',', multiplexer.GetEndPoints().Select(TextOf));
        }

        Volatile.Write(ref _subscriber, multiplexer.GetSubscriber());
        Volatile.Write(ref _multiplexer, multiplexer);
    }

    private void Unuse(IConnectionMultiplexer multiplexer)
    {
        multiplexer.ConnectionFailed -= OnFailed;
        multiplexer.ConnectionRestored -= OnRestored;
    }

    private static async Task CloseWhenMadeAsync(Task<IConnectionMultiplexer> making)
    {
        await ((Task)making).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (making.IsCompletedSuccessfully)
        {
            await CloseAsync(await making);
        }
    }

    private static async Task CloseAsync(IConnectionMultiplexer multiplexer)
    {
        try
        {
            await multiplexer.CloseAsync(allowCommandsToComplete: false);
            await multiplexer.DisposeAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
        {
            // It hung, which is why it goes.
        }
    }

    // One that could not be made was not lost: of several servers one may be away for long.
    private void OnFailed(object? sender, ConnectionFailedEventArgs failed) =>
        (failed.FailureType == ConnectionFailureType.UnableToConnect ? null : Lost)?.Invoke($"{failed.ConnectionType} {failed.FailureType}");

    private void OnRestored(object? sender, ConnectionFailedEventArgs restored) => Restored?.Invoke();

    // All that belongs to rooms and nodes is to lie in one slot of a Redis Cluster (cluster.md NO-63).
    private static string Tagged(string prefix) =>
        prefix.Contains('{', StringComparison.Ordinal) ? prefix : prefix.EndsWith(':') ? $"{{{prefix[..^1]}}}:" : $"{{{prefix}}}";

    private static string TextOf(EndPoint endPoint) => endPoint switch
    {
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        _ => endPoint.ToString() ?? "Redis",
    };

    private static partial class Log
    {
        [LoggerMessage(RedisEventIds.ScriptFailed, LogLevel.Error, "The script {Script} failed in Redis")]
        public static partial void ScriptFailed(ILogger logger, Exception exception, string script);
    }
}
