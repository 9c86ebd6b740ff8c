namespace Polywire;

/// <summary>Settings that concern every transport; configuration section <c>Polywire</c>.</summary>
public sealed class PolywireOptions
{
    /// <summary>Told to clients as <c>serverName</c>; <c>polywire</c> by default.</summary>
    public string ServerName { get; set; } = "polywire";

    /// <summary>Told to clients as the application's <c>apiVersion</c>; <c>1</c> by default.</summary>
    public string ApiVersion { get; set; } = "1";

    /// <summary>Names this process among others; <see langword="null"/> (default) makes HOST-PID-6RANDOM.</summary>
    /// <remarks>1 to 128 characters out of <c>A–Z a–z 0–9 . _ : @ -</c>; anything else stops the start.</remarks>
    public string? NodeId { get; set; }

    /// <summary>Actions that one connection may have running; one more is answered <c>you have too many pending requests</c>. 5 by default.</summary>
    /// <remarks>Protects the server from a single client that asks without waiting for answers.</remarks>
    public int SimultaneousActions { get; set; } = 5;

    /// <summary>How long a run may take before it is answered <c>the action timed out</c>; 5 minutes by default, zero for no limit.</summary>
    /// <remarks>Counted from the moment at which the action first waits. An action's own <see cref="TimeoutAttribute"/> wins.</remarks>
    public TimeSpan ActionTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a stop waits for the pending actions of a persistent connection; 5 seconds by default.</summary>
    public TimeSpan PendingShutdownWaitLimit { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Keeps params that no input names; <see langword="false"/> by default (core.md I-1).</summary>
    public bool DisableParamScrubbing { get; set; }

    /// <summary>Which values of a required input count as missing; <see langword="null"/> and <c>""</c> by default.</summary>
    public MissingChecks MissingChecks { get; set; } = MissingChecks.All;

    /// <summary>Names of params that every action receives besides its inputs; none by default.</summary>
    public IList<string> SafeParams { get; } = [];

    /// <summary>Names of params that logs show as <c>[FILTERED]</c>, besides inputs marked <see cref="SecretAttribute"/>; dotted for nested ones.</summary>
    public IList<string> FilteredParams { get; } = [];

    /// <summary>Whether logs also hide params that have the name of a secret, on every level; <see langword="true"/> by default.</summary>
    /// <remarks>
    /// Without regard to case, <c>_</c> and <c>-</c>: password, passwd, pwd, passphrase, pin, secret, clientSecret, token, accessToken,
    /// refreshToken, idToken, apiKey, authorization, cookie, creditCard, cardNumber, cvc, cvv.
    /// </remarks>
    public bool FilterWellKnownNames { get; set; } = true;

    /// <summary>Characters of a text, a number or a name that the log line shows, on every level; 100 by default.</summary>
    public int MaxLogStringLength { get; set; } = 100;

    /// <summary>Items of a list that the log line shows; 10 by default. Of a longer one it tells their number.</summary>
    public int MaxLogArrayLength { get; set; } = 10;

    /// <summary>Bytes after which no further param or member is added to the log line; 4,096 by default. What is left out is counted.</summary>
    public int MaxLogParamsLength { get; set; } = 4096;

    /// <summary>Folders whose files are served, in the order they are searched; relative ones below the content root. <c>public</c> by default.</summary>
    public IList<string> PublicDirectories { get; } = [];

    /// <summary>The file that answers for a folder; <c>index.html</c> by default.</summary>
    public string DirectoryFileType { get; set; } = "index.html";

    /// <summary>Serves files that links place inside a public folder from outside it; <see langword="false"/> by default.</summary>
    public bool FollowLinksOutside { get; set; }

    /// <summary>
    /// Serves files of the public folders whose name, or that of a folder on the way, begins with a dot, on every transport;
    /// <see langword="false"/> by default. <c>.well-known</c> is always served.
    /// </summary>
    public bool ServeDotFiles { get; set; }

    /// <summary>Rooms that one connection may be in; 100 by default.</summary>
    /// <remarks>Protects the room store from a client that joins everything.</remarks>
    public int MaxRoomsPerConnection { get; set; } = 100;

    /// <summary>Characters of a room's name; 256 by default. A longer one is not created.</summary>
    public int MaxRoomNameLength { get; set; } = 256;

    /// <summary>Rooms that may exist at once, those of the start among them; 10,000 by default. One more is not created.</summary>
    /// <remarks>Protects the room store where an action lets clients create rooms.</remarks>
    public int MaxRooms { get; set; } = 10_000;

    /// <summary>Rooms that exist from the start.</summary>
    public IList<string> StartingRooms { get; } = [];

    /// <summary>Bytes that may wait for one persistent connection; 33,554,432 (32 MiB) by default.</summary>
    /// <remarks>Protects memory from a peer that does not read: beyond it the connection leaves its rooms and is reset.</remarks>
    public int MaxQueueLength { get; set; } = 32 * 1024 * 1024;

    /// <summary>Messages that may wait for one persistent connection; 65,536 by default.</summary>
    /// <inheritdoc cref="MaxQueueLength" path="/remarks"/>
    public int MaxQueueMessages { get; set; } = 65_536;

    /// <summary>Bytes that <c>paramAdd</c> may collect on one connection, names and values together; 67,108,864 (64 MiB) by default.</summary>
    /// <remarks>What a request brings itself is bounded as its message is.</remarks>
    public int MaxStickyLength { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes that all peers together, on every transport, may make the process hold before anything has run, 64 KiB at least;
    /// <see langword="null"/> (default) is a quarter of the memory that the process may use, and 64 MiB at least.
    /// </summary>
    /// <remarks>
    /// Counted are lines, messages and fragments that have not come whole, sticky params, and bodies that are being read, beyond the first 4 KiB of
    /// each connection and in steps of 16 KiB. Where it is too much, the connection or request that holds most is ended: one that holds little
    /// never is.
    /// </remarks>
    public long? MaxBufferedInput { get; set; }

    /// <summary>How long a message that has begun may go on without progress before its connection is ended; 30 seconds by default, zero for ever.</summary>
    /// <remarks>
    /// Progress is <see cref="MinMessageRate"/> over that time, however long the whole message takes. Protects connections from peers that
    /// send half a message. Connections that send nothing at all are left alone. Found up to a quarter of the time later. Bodies of web requests have the server's own
    /// (<c>Kestrel:Limits:MinRequestBodyDataRate</c>).
    /// </remarks>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Bytes a second that a message has to come with, on the average of <see cref="MessageTimeout"/>; 240 by default, 0 for any byte at all.</summary>
    public int MinMessageRate { get; set; } = 240;

    /// <summary>Sends the messages of unexpected exceptions to clients; <see langword="null"/> (default) does so in Development only.</summary>
    public bool? ExposeMessages { get; set; }
}
