using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Polywire.TestSupport;

/// <summary>Names in a file system behind which there is no file.</summary>
public static class SpecialFiles
{
    // Read and written by everybody.
    private const uint Mode = 0x1b6;

    /// <summary>Whether this system has named pipes in its folders.</summary>
    public static bool HavePipes => OperatingSystem.IsLinux();

    /// <summary>Makes a named pipe that nobody writes to: whoever opens it for reading waits.</summary>
    public static void MakePipe(string path)
    {
        if (mkfifo(path, Mode) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    /// <summary>Makes the name of a Unix domain socket; nobody listens.</summary>
    public static void MakeSocket(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var place = $"{path}.bound";
        socket.Bind(new UnixDomainSocketEndPoint(place));

        // Under another name it stays when the socket is closed.
        File.Move(place, path);
    }

    /// <summary>Gives a name to what another name stands for, in one step; a link stays a link, wherever it leads.</summary>
    public static void Rename(string from, string to)
    {
        if (rename(from, to) != 0)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code.
    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int mkfifo([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint mode);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
#pragma warning restore SYSLIB1054
}
