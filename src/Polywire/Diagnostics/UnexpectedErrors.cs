using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Polywire.Diagnostics;

/// <summary>What becomes of an exception that nobody expected: how much of it clients read, and who else hears of it.</summary>
internal sealed partial class UnexpectedErrors
{
    private readonly ErrorCatalog _texts;
    private readonly IExceptionReporter[] _reporters;
    private readonly bool _exposeMessages;
    private readonly ILogger _logger;

    public UnexpectedErrors(
        ErrorCatalog texts,
        IEnumerable<IExceptionReporter> reporters,
        IOptions<PolywireOptions> options,
        IHostEnvironment environment,
        ILogger<UnexpectedErrors> logger)
    {
        _texts = texts;
        _reporters = [.. reporters];
        _exposeMessages = options.Value.ExposeMessages ?? environment.IsDevelopment();
        _logger = logger;
    }

    /// <summary>The id under which the log and the client know of it.</summary>
    public static string TraceId() => Activity.Current?.TraceId.ToHexString() ?? RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>What the client reads.</summary>
    public string TextOf(Exception exception, string traceId) =>
        _exposeMessages ? exception.Message : $"{_texts.InternalError} (trace {traceId})";

    /// <summary>Tells every reporter.</summary>
    public void Report(ExceptionReport report)
    {
        foreach (var reporter in _reporters)
        {
            try
            {
                reporter.Report(report);
            }
            catch (Exception exception)
            {
                LastCatch.Run(
                    (Logger: _logger, Error: exception, Reporter: reporter),
                    static failed => Log.ReporterFailed(failed.Logger, failed.Error, failed.Reporter.GetType().Name),
                    _logger);
            }
        }
    }

    /// <summary>Reports what nobody in the process caught or waited for, until disposed.</summary>
    /// <returns><see langword="null"/> where nobody would hear of it.</returns>
    public IDisposable? Watch() => _reporters.Length > 0 ? new UncaughtWatch(this) : null;

    private sealed class UncaughtWatch : IDisposable
    {
        private readonly UnexpectedErrors _errors;

        public UncaughtWatch(UnexpectedErrors errors)
        {
            _errors = errors;
            AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
            TaskScheduler.UnobservedTaskException += OnUnobserved;
        }

        public void Dispose()
        {
            AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
            TaskScheduler.UnobservedTaskException -= OnUnobserved;
        }

        private void OnUnhandled(object sender, UnhandledExceptionEventArgs arguments)
        {
            if (arguments.ExceptionObject is Exception exception)
            {
                var severity = arguments.IsTerminating ? LogLevel.Critical : LogLevel.Error;
                _errors.Report(new ExceptionReport { Exception = exception, Source = ExceptionSource.Uncaught, Severity = severity });
            }
        }

        private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs arguments) =>
            _errors.Report(new ExceptionReport { Exception = arguments.Exception, Source = ExceptionSource.Uncaught });
    }

    private static partial class Log
    {
        [LoggerMessage(EventIds.ExceptionReporterFailed, LogLevel.Error, "The exception reporter {Reporter} failed itself")]
        public static partial void ReporterFailed(ILogger logger, Exception exception, string reporter);
    }
}
