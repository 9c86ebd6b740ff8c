namespace Polywire.AspNetCore.Http.Files;

/// <summary>What the conditions of a request say.</summary>
internal enum Precondition
{
    /// <summary>The request is answered as if it had none.</summary>
    Holds,

    /// <summary>The client has this state already: 304.</summary>
    NotModified,

    /// <summary>The client means another state: 412.</summary>
    Failed,
}
