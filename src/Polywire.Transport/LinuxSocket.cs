using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Polywire.Transport;

/// <summary>The calls of Linux that the poller makes itself.</summary>
/// <remarks>
/// A handle given as such can not be closed, and its number not reused, during the call. Signals interrupt none of the calls that
/// do not wait; the one that does is repeated by its caller.
/// </remarks>
internal static class LinuxSocket
{
    /// <summary>Input is there.</summary>
    public const uint In = 0x001;

    /// <summary>Urgent data is there.</summary>
    public const uint Pri = 0x002;

    /// <summary>Output is possible.</summary>
    public const uint Out = 0x004;

    /// <summary>An error waits to be fetched.</summary>
    public const uint Err = 0x008;

    /// <summary>Both directions are at their end.</summary>
    public const uint Hup = 0x010;

    /// <summary>The peer has ended its output.</summary>
    public const uint RdHup = 0x2000;

    /// <summary>Tell of changes, not of states.</summary>
    public const uint Edge = 1u << 31;

    private const int CloseOnExec = 0x80000;
    private const int NonBlocking = 0x800;
    private const int DontWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int Add = 1;
    private const int Eagain = 11;

    // The kernel packs its event on x64 alone.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? 4 : 8;

    /// <summary>Gets the size of one event, in bytes.</summary>
    public static int EventSize { get; } = DataOffset + 8;

    /// <summary>Makes an event queue.</summary>
    /// <returns>Its number.</returns>
    public static int CreateQueue() => Check(epoll_create1(CloseOnExec));

    /// <summary>Makes a counter by which any thread wakes whoever waits for a queue.</summary>
    /// <returns>Its number.</returns>
    public static int CreateCounter() => Check(eventfd(0, CloseOnExec | NonBlocking));

    /// <summary>Raises a counter.</summary>
    /// <param name="counter">Made by <see cref="CreateCounter"/>.</param>
    public static void Raise(int counter)
    {
        var one = 1UL;
        _ = write(counter, ref one, 8);
    }

    /// <summary>Adds a socket or a counter to a queue, for changes of either direction.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="number">What to watch.</param>
    /// <exception cref="SocketException">The system has no room for it.</exception>
    public static void Watch(int queue, int number)
    {
        Span<byte> change = stackalloc byte[16];
        change.Clear();
        MemoryMarshal.Write(change, In | Pri | Out | RdHup | Edge);
        MemoryMarshal.Write(change[DataOffset..], (long)number);
        Check(epoll_ctl(queue, Add, number, ref MemoryMarshal.GetReference(change)));
    }

    /// <summary>Waits for events.</summary>
    /// <param name="queue">The queue.</param>
    /// <param name="events">Takes them.</param>
    /// <param name="milliseconds">How long; -1 for ever.</param>
    /// <returns>How many came; 0 also where a signal cut the wait short.</returns>
    public static int Wait(int queue, byte[] events, int milliseconds) =>
        Math.Max(0, epoll_wait(queue, ref MemoryMarshal.GetArrayDataReference(events), events.Length / EventSize, milliseconds));

    /// <summary>Gives one event.</summary>
    /// <param name="events">Filled by <see cref="Wait"/>.</param>
    /// <param name="index">Which one.</param>
    /// <returns>The flags, and the number that was watched.</returns>
    public static (uint Flags, int Number) Event(byte[] events, int index)
    {
        var one = events.AsSpan(index * EventSize, EventSize);
        return (MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<int>(one[DataOffset..]));
    }

    /// <summary>Receives what is there.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="buffer">Not empty.</param>
    /// <param name="error">WouldBlock where nothing is there.</param>
    /// <returns>The number of bytes; 0 without an error is the end of input.</returns>
    public static int Receive(SafeSocketHandle socket, Span<byte> buffer, out SocketError error) =>
        Outcome(recv(socket, ref MemoryMarshal.GetReference(buffer), buffer.Length, DontWait), out error);

    /// <summary>Sends what the system takes now.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="bytes">Not empty.</param>
    /// <param name="error">WouldBlock where it takes nothing.</param>
    /// <returns>The number of bytes taken.</returns>
    public static int Send(SafeSocketHandle socket, ReadOnlySpan<byte> bytes, out SocketError error) =>
        Outcome(send(socket, ref MemoryMarshal.GetReference(bytes), bytes.Length, DontWait | NoSignal), out error);

    private static int Outcome(nint result, out SocketError error)
    {
        if (result >= 0)
        {
            error = SocketError.Success;
            return (int)result;
        }

        var code = Marshal.GetLastPInvokeError();
        error = code == Eagain ? SocketError.WouldBlock : Translate(code);
        return 0;
    }

    private static SocketError Translate(int code) => code switch
    {
        32 => SocketError.Shutdown,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        105 or 12 or 28 => SocketError.NoBufferSpaceAvailable,
        24 or 23 => SocketError.TooManyOpenSockets,
        110 => SocketError.TimedOut,
        113 => SocketError.HostUnreachable,
        _ => SocketError.SocketError,
    };

    private static int Check(int result) =>
        result >= 0 ? result : throw new SocketException((int)Translate(Marshal.GetLastPInvokeError()));

#pragma warning disable SYSLIB1054 // The generated form needs unsafe code, which the project does without.
    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_create1(int flags);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_ctl(int queue, int operation, int number, ref byte change);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int epoll_wait(int queue, ref byte events, int room, int milliseconds);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int eventfd(uint start, int flags);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint write(int number, ref ulong value, nint size);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint recv(SafeSocketHandle socket, ref byte buffer, nint size, int flags);

    [DllImport("libc", SetLastError = true, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint send(SafeSocketHandle socket, ref byte bytes, nint size, int flags);
#pragma warning restore SYSLIB1054
}
