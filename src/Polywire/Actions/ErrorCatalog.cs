namespace Polywire;

/// <summary>Every text that Polywire itself sends; derive from it and register yours to change or translate them.</summary>
/// <remarks>
/// A singleton: members must be safe to call concurrently. The defaults are ActionHero's, to the letter, because clients compare them.
/// Source: docs/protocol/errors.md.
/// </remarks>
public class ErrorCatalog
{
    /// <summary>The first line that a persistent connection gets.</summary>
    public virtual string Welcome => "Hello! Welcome to the actionhero api";

    /// <summary>The last line that a persistent connection gets.</summary>
    public virtual string Goodbye => "Bye!";

    /// <summary>The host is stopping.</summary>
    public virtual string ServerShuttingDown => "the server is shutting down";

    /// <summary>More actions at once than the connection may have.</summary>
    public virtual string TooManyPendingActions => "you have too many pending requests";

    /// <summary>No such action, or not in that version.</summary>
    public virtual string UnknownAction => "unknown action or invalid apiVersion";

    /// <summary>A request that looks like JSON and is none.</summary>
    public virtual string InvalidJson => "request is not valid JSON";

    /// <summary>A web request's body that cannot be read.</summary>
    public virtual string BrokenForm => "There was an error processing this form.";

    /// <summary>A web request's body that is larger than a limit.</summary>
    public virtual string BodyTooLarge => "The request body is too large.";

    /// <summary>A web request's body that came too slowly.</summary>
    public virtual string BodyTooSlow => "The request body came too slowly.";

    /// <summary>This peer held more unfinished input than any other when <see cref="PolywireOptions.MaxBufferedInput"/> was used up.</summary>
    public virtual string TooMuchInput => "the server holds too much unfinished input (MaxBufferedInput)";

    /// <summary>A message began and did not go on within <see cref="PolywireOptions.MessageTimeout"/>.</summary>
    public virtual string MessageStalled => "the message did not arrive in time (MessageTimeout)";

    /// <summary>The transport of the request cannot carry the answer: a stream, or a file where there are none.</summary>
    public virtual string UnsupportedAnswer => "this answer can only be sent on the web";

    /// <summary>A message that is no JSON, on transports where every message has to be.</summary>
    public virtual string InvalidMessage => "the message is not valid JSON";

    /// <summary>A web request's body in a coding that is not read.</summary>
    public virtual string BodyCoded => "The coding of the request body is not supported.";

    /// <summary>All uploads together take as much of the disk as they may.</summary>
    public virtual string UploadsFull => "The server has no room for uploads at the moment.";

    /// <summary>A field of a form names another action than the one that its files were taken for.</summary>
    public virtual string ActionAfterFile => "The action has to be named before the first file of the form.";

    /// <summary>What is behind the first file of a form would change a param that was sent before it, on which the action has been let in.</summary>
    public virtual string ParamAfterFile => "What stands behind the first file of the form cannot change a param that was sent before it.";

    /// <summary>The deadline of a run has passed.</summary>
    public virtual string Timeout => "the action timed out";

    /// <summary>The client went away or the host stopped hard.</summary>
    public virtual string Cancelled => "cancelled";

    /// <summary>A required input was not sent, where nothing says which.</summary>
    public virtual string MissingParams => "a required parameter is missing";

    /// <summary>An input was refused, where nothing says which.</summary>
    public virtual string InvalidParams => "validation error";

    /// <summary>The action is blocked for the transport, where nothing says which.</summary>
    public virtual string UnsupportedTransport => "this action does not support this connection type";

    /// <summary>The action needs a user, and there is none.</summary>
    public virtual string Unauthorized => "unauthorized";

    /// <summary>The user may not run the action.</summary>
    public virtual string Forbidden => "forbidden";

    /// <summary>A web request whose body names an action that has to be named before the body is read.</summary>
    public virtual string ActionNamedLate => "this action has to be named in the path or the query";

    /// <summary>A web request without the antiforgery token that the action asks for.</summary>
    public virtual string AntiforgeryFailed => "the antiforgery token is missing or wrong";

    /// <summary>The request contradicts the state of things.</summary>
    public virtual string Conflict => "conflict";

    /// <summary>A rate limit refused the request.</summary>
    public virtual string RateLimited => "rate limit exceeded";

    /// <summary>An exception that is no <see cref="ActionException"/>, outside Development.</summary>
    public virtual string InternalError => "internal error";

    /// <summary>An answer that alone is more than may wait for a connection.</summary>
    public virtual string AnswerTooLarge => "the answer is too large";

    /// <summary>A file that is not there, or not to be had.</summary>
    public virtual string FileNotFound => "That file is not found";

    /// <summary>A file was asked for without a name.</summary>
    public virtual string FileNotProvided => "file is a required param to send a file";

    /// <summary>A file whose answer would not fit into the connection's queue.</summary>
    public virtual string FileTooLarge => "file is too large";

    /// <summary>The verb <c>say</c> without a room or without a message.</summary>
    public virtual string RoomAndMessageRequired => "both room and message are required";

    /// <summary>A room that is being destroyed says so to its members.</summary>
    public virtual string RoomHasBeenDeleted => "this room has been deleted";

    /// <summary>No such room.</summary>
    public virtual string RoomDoesNotExist => "room does not exist";

    /// <summary>A connection that lives for one request only.</summary>
    /// <param name="type">The kind of connection, as in <c>web</c>.</param>
    public virtual string CannotBeInRooms(string type) => $"a {type} connection cannot be in a room";

    /// <summary>A room of that name is there already.</summary>
    public virtual string RoomExists => "room exists";

    /// <summary>No room was named.</summary>
    public virtual string RoomRequired => "a room is required";

    /// <summary>A room's name that is longer than <see cref="PolywireOptions.MaxRoomNameLength"/>.</summary>
    public virtual string RoomNameTooLong(int limit) => $"the name of the room is too long (limit {limit} characters)";

    /// <summary>One room more than <see cref="PolywireOptions.MaxRooms"/>.</summary>
    public virtual string TooManyRoomsExist(int limit) => $"there are too many rooms (limit {limit})";

    /// <summary>More rooms than <see cref="PolywireOptions.MaxRoomsPerConnection"/>.</summary>
    public virtual string TooManyRooms => "too many rooms";

    /// <summary>No node has a connection of that id; the words are ActionHero's.</summary>
    public virtual string ConnectionNotFound => "RPC Timeout";

    /// <summary>What the nodes of a cluster share cannot be reached now.</summary>
    public virtual string ClusterNotReachable => "the cluster is not reachable";

    /// <summary>The cache has no such object.</summary>
    public virtual string CacheObjectNotFound => "Object not found";

    /// <summary>The cache's object is past its expiry.</summary>
    public virtual string CacheObjectExpired => "Object expired";

    /// <summary>Another holds the lock of the cache's object.</summary>
    public virtual string CacheObjectLocked => "Object locked";

    /// <summary>The lock that was held is held no longer.</summary>
    public virtual string CacheLockLost => "Object lock lost";

    /// <summary>A list where the cache was asked for an object, or an object where it was asked for a list.</summary>
    public virtual string CacheWrongKind => "Object is of another kind";

    /// <summary>The object alone is larger than the cache may become.</summary>
    public virtual string CacheObjectTooLarge => "Object too large";

    /// <summary>A required input was not sent.</summary>
    public virtual string MissingParam(string name) => $"{name} is a required parameter for this action";

    /// <summary>An input was refused without a reason of its own.</summary>
    public virtual string InvalidParam(string name) => $"Input for parameter \"{name}\" failed validation!";

    /// <summary>The action is blocked for the transport.</summary>
    public virtual string UnsupportedServerType(string type) => $"this action does not support the {type} connection type";

    /// <summary>A line is longer than the limit. The two labels are the wrong way round, as ActionHero has them.</summary>
    public virtual string DataLengthTooLarge(long limit, long actual) => $"data length is too big ({limit} received/{actual} max)";

    /// <summary>The name of a JSONP callback is longer than the limit, in characters.</summary>
    public virtual string CallbackTooLong(int limit) => $"callback is too long (limit {limit} characters)";

    /// <summary>The sticky params of a connection would take more memory than the limit.</summary>
    public virtual string ParamsTooLarge(long limit) => $"the params of this connection are too big (limit {limit} bytes)";

    /// <summary>A verb that the transport does not offer.</summary>
    public virtual string VerbNotAllowed(string verb) => $"verb not found or not allowed ({verb})";

    /// <summary>A file could not be read.</summary>
    public virtual string FileReadError(string reason) => $"error reading file: {reason}";

    /// <summary>The connection is not in the room.</summary>
    public virtual string ConnectionNotInRoom(string room) => $"connection not in this room ({room})";

    /// <summary>The connection is in the room already.</summary>
    public virtual string ConnectionAlreadyInRoom(string room) => $"connection already in this room ({room})";

    /// <summary>The text of a status that came without words.</summary>
    public string ForStatus(ActionStatus status) =>
        status switch
        {
            ActionStatus.ServerShuttingDown => ServerShuttingDown,
            ActionStatus.TooManyRequests => TooManyPendingActions,
            ActionStatus.UnknownAction => UnknownAction,
            ActionStatus.UnsupportedServerType => UnsupportedTransport,
            ActionStatus.MissingParams => MissingParams,
            ActionStatus.ValidatorErrors => InvalidParams,
            ActionStatus.Unauthorized => Unauthorized,
            ActionStatus.Forbidden => Forbidden,
            ActionStatus.Timeout => Timeout,
            ActionStatus.Conflict => Conflict,
            ActionStatus.RateLimited => RateLimited,
            ActionStatus.Cancelled => Cancelled,
            ActionStatus.ClusterNotReachable => ClusterNotReachable,
            _ => InternalError,
        };

    /// <summary>The text of a failure of the cache.</summary>
    public string ForCache(CacheFailure failure) =>
        failure switch
        {
            CacheFailure.NotFound => CacheObjectNotFound,
            CacheFailure.Expired => CacheObjectExpired,
            CacheFailure.Locked => CacheObjectLocked,
            CacheFailure.LockLost => CacheLockLost,
            CacheFailure.WrongKind => CacheWrongKind,
            CacheFailure.TooLarge => CacheObjectTooLarge,
            CacheFailure.Unavailable => ClusterNotReachable,
            _ => InternalError,
        };

    /// <summary>What clients read of an exception whose words are for them.</summary>
    internal string TextOf(ActionException told) =>
        told is CacheException cache ? ForCache(cache.Failure)
        : told is ClusterNotReachableException ? ClusterNotReachable
        : told.Message.Length > 0 ? told.Message
        : ForStatus(told.Status);

    /// <summary>Sees every error that an action or a middleware threw before it is sent, and may replace it (core.md E-7).</summary>
    public virtual ActionError OnError(ActionContext context, ActionError error) => error;
}
