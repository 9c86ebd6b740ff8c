using System.Net.Sockets;

namespace Polywire.Transport;

/// <summary>The file of a Unix domain socket: who owns it, and its end.</summary>
public static class UnixSocketFile
{
    /// <summary>Tells whether a file is a socket that nobody listens on any more.</summary>
    /// <param name="path">An existing file.</param>
    /// <returns><see langword="false"/> also for a file that is no socket, which must not be replaced.</returns>
    public static bool IsStale(string path)
    {
        if (IsOrdinaryFile(path))
        {
            return false;
        }

        try
        {
            using var probe = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            probe.Connect(new UnixDomainSocketEndPoint(path));
            return false;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.ConnectionRefused;
        }
    }

    /// <summary>Removes the file, if it is there and may be removed.</summary>
    /// <param name="path">The file.</param>
    public static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start probes it and says what is wrong.
        }
    }

    // A socket can not be opened; anything that can is somebody's data.
    private static bool IsOrdinaryFile(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
