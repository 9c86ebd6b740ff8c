using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.AspNetCore.Diagnostics;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>The bytes that all uploads of the process may take on disk together.</summary>
/// <remarks>Safe to use concurrently.</remarks>
internal sealed partial class UploadBudget(IOptions<WebOptions> options, ILogger<UploadBudget> logger)
{
    /// <summary>What a file takes at least, so that empty ones are bounded too.</summary>
    public const int BlockBytes = 4096;

    private readonly long _max = options.Value.FormOptions.MaxUploadsSize ?? Math.Min(options.Value.FormOptions.MaxFileSize, long.MaxValue / 16) * 10;
    private long _used;
    private int _isTold;

    /// <summary>The bytes that are taken.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>Takes bytes.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= _max)
        {
            return true;
        }

        Interlocked.Add(ref _used, -bytes);
        if (Interlocked.Exchange(ref _isTold, 1) == 0)
        {
            Log.Full(logger, _max);
        }

        return false;
    }

    /// <summary>Gives bytes back.</summary>
    public void Return(long bytes)
    {
        if (Interlocked.Add(ref _used, -bytes) <= _max / 2)
        {
            // Told again the next time, but not for each of those that are refused together.
            Volatile.Write(ref _isTold, 0);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.UploadsFull, LogLevel.Warning, "Uploads are refused: all together take the {Bytes} bytes that they may (Polywire:Web:FormOptions:MaxUploadsSize)")]
        public static partial void Full(ILogger logger, long bytes);
    }
}
