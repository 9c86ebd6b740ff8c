namespace Polywire.Sockhop;

/// <summary>The codes of <see cref="SockhopException"/>: those of the Node library, and some that it lacks.</summary>
public static class SockhopErrorCodes
{
    /// <summary><c>ConnectAsync</c> was called while a connection was being made.</summary>
    public const string MultiConnect = "ERR_MULTICONNECT";

    /// <summary><c>StartAsync</c> was called while connecting or connected.</summary>
    public const string HandshakeMultiConnect = "ERR_HANDSHAKE_MULTICONNECT";

    /// <summary><c>ConnectAsync</c> was called on a client that shakes hands again after a loss.</summary>
    public const string AutoRehandshakeConnect = "ERR_AUTO_REHANDSHAKE_CONNECT";

    /// <summary>A handshake, or binary mode, was asked for in compatibility mode.</summary>
    public const string HandshakeCompatibilityMode = "ERR_HANDSHAKE_COMPATIBILITY_MODE";

    /// <summary>The handshake was not complete within <see cref="SockhopOptions.HandshakeTimeout"/>.</summary>
    public const string HandshakeTimeout = "ERR_HANDSHAKE_TIMEOUT";

    /// <summary>The connection has ended.</summary>
    public const string SocketDestroyed = "ERR_SOCKET_DESTROYED";

    /// <summary>There never was a connection.</summary>
    public const string NoSocket = "ERR_NO_SOCKET";

    /// <summary>Null cannot be sent.</summary>
    public const string BadData = "ERR_BAD_DATA";

    /// <summary>A typed buffer needs binary mode in the sending direction.</summary>
    public const string TypedBufferNeedsBinaryMode = "ERR_SEND_TYPED_BUFFER_NO_BINARY_MODE";

    /// <summary>A typed buffer may not be called <c>Buffer</c>.</summary>
    public const string TypedBufferInvalidType = "ERR_SEND_TYPED_BUFFER_INVALID_TYPE";

    /// <summary>A line was received that is no message.</summary>
    public const string BadBufferData = "ERR_OBJECTBUFFER_BAD_BUFFER_DATA";

    /// <summary>A frame was received with an unknown message id.</summary>
    public const string NoSchema = "ERR_OBJECTBUFFER_NO_SCHEMA";

    /// <summary>A frame or its JSON could not be read.</summary>
    public const string DeserializeFailed = "ERR_OBJECTBUFFER_DESERIALIZE_FAILED";

    /// <summary>A message has no form on the wire.</summary>
    public const string SerializeFailed = "ERR_OBJECTBUFFER_SERIALIZE_FAILED";

    /// <summary>
    /// A message is longer than <see cref="SockhopOptions.MaxMessageSize"/>, or than the format can say; or more of a response of 1.x waits to be
    /// read than <see cref="SockhopOptions.ReceiveQueueLimit"/>.
    /// </summary>
    public const string MessageTooLarge = "ERR_MESSAGE_TOO_LARGE";

    /// <summary>A type name that belongs to the protocol was used by the application.</summary>
    public const string ReservedType = "ERR_RESERVED_TYPE";

    /// <summary>No connection within <see cref="SockhopClientOptions.ConnectTimeout"/>.</summary>
    public const string ConnectTimeout = "ERR_CONNECT_TIMEOUT";

    /// <summary>No reply within the time allowed.</summary>
    public const string ReplyTimeout = "ERR_REPLY_TIMEOUT";

    /// <summary>A client's first line is that of an HTTP request, as a web page can have any browser send it; the connection ends.</summary>
    public const string HttpRequest = "ERR_HTTP_REQUEST";

    /// <summary>A client began with TLS at a server that has none (<see cref="SockhopServerOptions.Tls"/>); the connection ends.</summary>
    public const string TlsNotEnabled = "ERR_TLS_NOT_ENABLED";

    /// <summary>The peer made <see cref="SockhopOptions.MaxProtocolErrors"/> errors in a row.</summary>
    public const string TooManyErrors = "ERR_TOO_MANY_ERRORS";

    /// <summary>More requests than <see cref="SockhopOptions.MaxPendingRequests"/> wait for a reply.</summary>
    public const string TooManyRequests = "ERR_TOO_MANY_REQUESTS";

    /// <summary>More connections than <see cref="SockhopServerOptions.MaxConnections"/>, or of one address than <see cref="SockhopServerOptions.MaxConnectionsPerAddress"/>.</summary>
    public const string TooManyConnections = "ERR_TOO_MANY_CONNECTIONS";

    /// <summary>The connection held more input than any other when <see cref="SockhopServerOptions.MaxBufferedInput"/> was used up.</summary>
    public const string TooMuchInput = "ERR_TOO_MUCH_INPUT";

    /// <summary>A message has begun and did not get on. See <see cref="SockhopServerOptions.MessageTimeout"/>.</summary>
    public const string MessageTimeout = "ERR_MESSAGE_TIMEOUT";

    /// <summary>The peer's handler failed and said so (<see cref="SockhopOptions.ReplyErrors"/>).</summary>
    public const string RemoteError = "ERR_REMOTE";

    /// <summary>The response to a request of 1.x did not end in time. See <see cref="SockhopLegacyRequests"/>.</summary>
    public const string ResponseTimeout = "ERR_RESPONSE_TIMEOUT";
}
