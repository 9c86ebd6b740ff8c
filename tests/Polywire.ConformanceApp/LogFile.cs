using System.Globalization;

namespace Polywire.ConformanceApp;

/// <summary>Writes every line of the log to a file, with a buffer between that is emptied once a second.</summary>
/// <remarks>
/// For measuring what the log costs Polywire: the framework's console hands each line to a thread of its own, which on one core costs more than
/// the request.
/// </remarks>
internal sealed class LogFile : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly StreamWriter _file;
    private readonly Timer _flush;

    public LogFile(string path)
    {
        _file = new StreamWriter(path, append: true, System.Text.Encoding.UTF8, bufferSize: 64 * 1024);
        _flush = new Timer(static state => ((LogFile)state!).Flush(), this, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
        _flush.Dispose();
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (_file.BaseStream is { CanWrite: true })
            {
                _file.Flush();
            }
        }
    }

    private void Write(LogLevel level, string category, string text, Exception? exception)
    {
        lock (_gate)
        {
            _file.Write(TimeProvider.System.GetUtcNow().ToString("O", CultureInfo.InvariantCulture));
            _file.Write(' ');
            _file.Write(level.ToString());
            _file.Write(' ');
            _file.Write(category);
            _file.Write(' ');
            _file.WriteLine(text);
            if (exception is not null)
            {
                _file.WriteLine(exception);
            }
        }
    }

    private sealed class Logger(LogFile file, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            file.Write(logLevel, category, formatter(state, exception), exception);
    }
}
