using Microsoft.Extensions.Logging;

namespace Polywire.Testing;

/// <summary>Keeps every log entry, so that a test can look at what was logged and what was not.</summary>
/// <remarks>
/// Add it with <c>logging.AddProvider(provider)</c>; the filters of the logging builder apply before it sees an entry. It grows with
/// what is logged until <see cref="Clear"/>, and entries stay readable after <see cref="Dispose"/>. Every member may be called by any
/// thread.
/// </remarks>
public sealed class RecordingLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly Lock _gate = new();
    private readonly LogLevel _minimumLevel;
    private readonly List<RecordedLog> _entries = [];
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Makes a provider that keeps every entry from a level upwards.</summary>
    /// <param name="minimumLevel">The lowest level kept; everything by default.</param>
    public RecordingLoggerProvider(LogLevel minimumLevel = LogLevel.Trace)
    {
        _minimumLevel = minimumLevel;
    }

    /// <summary>What was logged up to now, oldest first; a copy that does not change.</summary>
    public IReadOnlyList<RecordedLog> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new Recorder(this, categoryName);

    /// <summary>Forgets what was logged up to now.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _entries.Clear();
        }
    }

    /// <summary>Waits for an entry; one that is there already counts.</summary>
    /// <param name="predicate">Called outside any lock, with each entry kept, oldest first, until it answers true.</param>
    /// <param name="timeout">How long to wait, in real time.</param>
    /// <param name="cancellationToken">Ends the wait early.</param>
    /// <returns>The first entry that fits.</returns>
    /// <exception cref="TimeoutException">No entry fitted in time; the message lists those there are.</exception>
    public async Task<RecordedLog> WaitForAsync(
        Func<RecordedLog, bool> predicate, TimeSpan timeout, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        var started = TimeProvider.System.GetTimestamp();
        while (true)
        {
            Task changed;
            RecordedLog[] entries;
            lock (_gate)
            {
                changed = _changed.Task;
                entries = [.. _entries];
            }

            if (Array.Find(entries, entry => predicate(entry)) is { } found)
            {
                return found;
            }

            var left = timeout - TimeProvider.System.GetElapsedTime(started);
            try
            {
                await changed.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException(Describe($"No log entry fitted within {timeout}. Entries:", entries));
            }
        }
    }

    /// <summary>Throws if anything was logged at <see cref="LogLevel.Error"/> or above.</summary>
    /// <param name="expected">Answers true for an error that the test provoked on purpose; null where none is expected.</param>
    /// <exception cref="InvalidOperationException">There are unexpected errors; the message lists them.</exception>
    public void ShouldHaveNoErrors(Func<RecordedLog, bool>? expected = null)
    {
        var errors = Entries.Where(entry => entry.Level >= LogLevel.Error && expected?.Invoke(entry) is not true).ToArray();
        if (errors.Length > 0)
        {
            throw new InvalidOperationException(Describe("Errors were logged:", errors));
        }
    }

    /// <summary>Does nothing: entries stay readable when the host is gone.</summary>
    public void Dispose()
    {
    }

    void ISupportExternalScope.SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static string Describe(string heading, IEnumerable<RecordedLog> entries) =>
        string.Join(Environment.NewLine, entries.Select(entry => entry.ToString()).Prepend(heading));

    private void Add(RecordedLog entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            var changed = _changed;
            _changed = NewSignal();
            changed.SetResult();
        }
    }

    private sealed class Recorder(RecordingLoggerProvider owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => owner._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None && logLevel >= owner._minimumLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
            {
                return;
            }

            // Copied: a logger may reuse its state object for the next entry.
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs ? pairs.ToArray() : [];
            var scopes = new List<string>();
            owner._scopes.ForEachScope(static (scope, list) => list.Add(scope?.ToString() ?? ""), scopes);
            owner.Add(new RecordedLog(category, logLevel, eventId, formatter(state, exception), values, exception, scopes));
        }
    }
}
