using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;
using Polywire.Doors;

namespace Polywire.AspNetCore.Sockets;

/// <summary>Tells of clients that speak HTTP or TLS at a door that does not, each address once a minute.</summary>
/// <remarks>Safe for any thread.</remarks>
internal sealed partial class ForeignClientLog(TimeProvider time, ILogger<ForeignClientLog> logger)
{
    // Beyond them nothing is told until a minute is over: whoever has so many addresses is not to have the log too.
    private const int MaxAddresses = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string, FirstLineKind), long> _told = [];

    public void Tell(string door, string remoteIP, FirstLineKind kind)
    {
        if (!MayTell(remoteIP, kind))
        {
            return;
        }

        if (kind == FirstLineKind.Tls)
        {
            Log.Tls(logger, door, remoteIP);
        }
        else
        {
            Log.Http(logger, door, remoteIP);
        }
    }

    private bool MayTell(string remoteIP, FirstLineKind kind)
    {
        lock (_told)
        {
            var now = time.GetTimestamp();
            if (_told.TryGetValue((remoteIP, kind), out var last) && time.GetElapsedTime(last, now) < Pause)
            {
                return false;
            }

            if (_told.Count >= MaxAddresses)
            {
                foreach (var (key, told) in _told)
                {
                    if (time.GetElapsedTime(told, now) >= Pause)
                    {
                        _told.Remove(key);
                    }
                }
            }

            if (_told.Count >= MaxAddresses)
            {
                return false;
            }

            _told[(remoteIP, kind)] = now;
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            ServerEventIds.HttpAtAnotherDoor,
            LogLevel.Warning,
            "An HTTP client at {RemoteIP} came to the port of the {Door}, which does not speak HTTP: the connection was ended and nothing of it ran")]
        public static partial void Http(ILogger logger, string door, string remoteIP);

        [LoggerMessage(
            ServerEventIds.TlsAtPlainDoor,
            LogLevel.Warning,
            "A client at {RemoteIP} began with TLS at a port of the {Door} that does not speak TLS: the connection was ended")]
        public static partial void Tls(ILogger logger, string door, string remoteIP);
    }
}
