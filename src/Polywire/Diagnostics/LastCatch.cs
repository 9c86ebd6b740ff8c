using Microsoft.Extensions.Logging;

#if POLYWIRE_TRANSPORT
namespace Polywire.Transport;
#else
namespace Polywire.Diagnostics;
#endif

/// <summary>The end of what is thrown on a thread that nobody stands behind, a timer's or the pool's: there it would end the process.</summary>
internal static partial class LastCatch
{
    /// <summary>The event of its log line, the same in every assembly.</summary>
    public const int EventId = 1010;

    /// <summary>Runs what may call code of the application: its log providers, its clock, callbacks on its tokens.</summary>
    public static void Run<T>(T state, Action<T> work, ILogger logger)
    {
        try
        {
            work(state);
        }
        catch (Exception exception)
        {
            Tell(exception, logger);
        }
    }

    /// <summary>Logs what was thrown. Does not throw, even if a log provider does.</summary>
    public static void Tell(Exception exception, ILogger logger)
    {
        try
        {
            Log.Caught(logger, exception);
        }
        catch
        {
            // The log itself fails: there is nobody left to tell.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId, LogLevel.Error, "Code of the application failed on a thread of the framework, which goes on")]
        public static partial void Caught(ILogger logger, Exception exception);
    }
}
