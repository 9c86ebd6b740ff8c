using System.Buffers;
using System.Net.Sockets;

namespace Polywire.Transport;

/// <summary>How one address of the direct socket transport listens and closes.</summary>
/// <remarks>Set before the server starts; not read from then on by more than the listener and its connections.</remarks>
public sealed class DirectSocketOptions
{
    /// <summary>Gets or sets how many connections the system holds that are not accepted yet; default 512.</summary>
    public int Backlog { get; set; } = 512;

    /// <summary>Gets or sets whether TCP keep-alive is on; default off.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>Gets or sets the rights of the file of a Unix domain socket; default 0777.</summary>
    public UnixFileMode UnixSocketMode { get; set; } = (UnixFileMode)0b111_111_111;

    /// <summary>
    /// Gets or sets how long a connection whose handler has ended may take to deliver its last bytes; default 5 s. Then it is reset.
    /// </summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Gets or sets how long a closed connection waits for the peer's own end of input, discarding what still comes; default 1 s.
    /// </summary>
    /// <remarks>Closing earlier answers late bytes with a reset, which can destroy what the peer has not read yet.</remarks>
    public TimeSpan LingerTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Gets or sets whether the end of the peer's output signals ConnectionClosed too, after <see cref="PeerEndGrace"/>, and a reset at once;
    /// default off.
    /// </summary>
    /// <remarks>HTTP does not read while a request is in work, and cancels it when it learns in this way that nobody waits for the answer.</remarks>
    public bool TellsOfPeerEnd { get; set; }

    /// <summary>
    /// Gets or sets how long what is in work may still be answered to a peer that has ended its output; default 500 ms. A client that is gone
    /// and one that merely sends nothing more cannot be told apart.
    /// </summary>
    public TimeSpan PeerEndGrace { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Gets or sets whether one thread waits with epoll for all connections; by default on Linux, the only system that has it.
    /// </summary>
    public bool UsePoller { get; set; } = OperatingSystem.IsLinux();

    /// <summary>Gets or sets the pause after an accept that failed for want of resources; default 100 ms.</summary>
    public TimeSpan AcceptRetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Gets or sets where the middleware and protocols above take memory from, HTTP above all; the shared pool by default.</summary>
    /// <remarks>HTTP asks for blocks of no size and means a whole one, which the shared pool does not understand.</remarks>
    public MemoryPool<byte> Memory { get; set; } = MemoryPool<byte>.Shared;

    /// <summary>Gets or sets what counts connections, before anything is made of them; by default they are not counted.</summary>
    public IConnectionGate? Gate { get; set; }

    /// <summary>Gets or sets what runs before each accept; for tests, which let it throw what the system would.</summary>
    internal Action? BeforeAccept { get; set; }

    /// <summary>Gets or sets what is shown each socket that was accepted and counted; for tests, which let it throw or close the socket.</summary>
    internal Action<Socket>? BeforeAdopt { get; set; }
}
