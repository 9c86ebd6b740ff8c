using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Polywire.Files;

/// <summary>A place in the file system that is held while it is looked at, so that what was looked at is what is opened. Linux alone.</summary>
/// <remarks>
/// Nothing is opened by holding it: a pipe does not wait for its other end, and a device does not begin. Links on the way have been followed; where
/// they led is <see cref="FindRealPath"/>'s to tell.
/// </remarks>
internal sealed class HeldPath : IDisposable
{
    private const int OpenPathOnly = 0x200000;
    private const int CloseOnExec = 0x80000;
    private const int OfTheHandleItself = 0x1000;
    private const uint BasicStates = 0x7ff;
    private const int NotEntered = 13;
    private const int StateBytes = 256;
    private const int LongestPath = 4096;

    // Those by which a system says that a name leads nowhere: ENOENT, EACCES (of a folder on the way), ENOTDIR, ENAMETOOLONG, ELOOP.
    private static readonly int[] Nowhere = [2, NotEntered, 20, 36, 40];

    private readonly SafeFileHandle _handle;
    private readonly int _kind;

    private HeldPath(SafeFileHandle handle, ReadOnlySpan<byte> state)
    {
        _handle = handle;
        _kind = BinaryPrimitives.ReadUInt16LittleEndian(state[28..]) & 0xf000;
        Length = BinaryPrimitives.ReadInt64LittleEndian(state[40..]);
        var seconds = Math.Clamp(
            BinaryPrimitives.ReadInt64LittleEndian(state[112..]), DateTimeOffset.MinValue.ToUnixTimeSeconds(), DateTimeOffset.MaxValue.ToUnixTimeSeconds());
        LastModified = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.AddTicks(BinaryPrimitives.ReadUInt32LittleEndian(state[120..]) / 100);
    }

    /// <summary>Whether this system can hold places: Linux, with <c>/proc</c>.</summary>
    public static bool IsSupported { get; } = Try();

    public bool IsFolder => _kind == 0x4000;

    /// <summary>Whether it is a file with bytes on a disk; pipes, sockets, devices and folders are none.</summary>
    public bool IsRegular => _kind == 0x8000;

    public long Length { get; }

    /// <summary>In UTC.</summary>
    public DateTime LastModified { get; }

    /// <summary>Holds what a path leads to.</summary>
    /// <returns>Null where it leads nowhere.</returns>
    /// <exception cref="IOException">The system cannot say.</exception>
    public static HeldPath? Hold(string path)
    {
        var number = open(path, OpenPathOnly | CloseOnExec);
        if (number < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return Array.IndexOf(Nowhere, error) >= 0 ? null : throw Failure(error);
        }

        var handle = new SafeFileHandle(number, ownsHandle: true);
        Span<byte> state = stackalloc byte[StateBytes];
        if (statx(number, "", OfTheHandleItself, BasicStates, ref MemoryMarshal.GetReference(state)) == 0)
        {
            return new HeldPath(handle, state);
        }

        var code = Marshal.GetLastPInvokeError();
        handle.Dispose();
        throw Failure(code);
    }

    /// <summary>Where it is, with no link on the way; null where it is out of sight.</summary>
    public string? FindRealPath()
    {
        Span<byte> buffer = stackalloc byte[LongestPath];
        var length = (int)readlink(Name(), ref MemoryMarshal.GetReference(buffer), LongestPath);
        return length > 0 && length < LongestPath && buffer[0] == (byte)'/' ? Encoding.UTF8.GetString(buffer[..length]) : null;
    }

    /// <summary>Opens this very file for reading, whatever its name leads to by now.</summary>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="IOException">It cannot be opened, or another program has it for itself.</exception>
    public SafeFileHandle Open() =>
        File.OpenHandle(Name(), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.Asynchronous);

    public void Dispose() => _handle.Dispose();

    private string Name() => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_handle.DangerousGetHandle()}");

    private static IOException Failure(int error) => new(Marshal.GetPInvokeErrorMessage(error));

    private static bool Try()
    {
        if (!OperatingSystem.IsLinux() || !BitConverter.IsLittleEndian)
        {
            return false;
        }

        try
        {
            using var root = Hold("/");
            return root is { IsFolder: true } && root.FindRealPath() == "/";
        }
        catch (Exception exception) when (exception is IOException or EntryPointNotFoundException or DllNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, which the project does without.
    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int statx(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, ref byte state);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint readlink([MarshalAs(UnmanagedType.LPUTF8Str)] string path, ref byte buffer, nint size);
#pragma warning restore SYSLIB1054
}
