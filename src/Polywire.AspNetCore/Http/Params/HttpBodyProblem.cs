namespace Polywire.AspNetCore.Http.Params;

/// <summary>What is wrong with a body. Where anything is, no action runs.</summary>
internal enum HttpBodyProblem
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It cannot be read: 400.</summary>
    Malformed,

    /// <summary>It is larger than a limit: 413.</summary>
    TooLarge,

    /// <summary>It came too slowly: 408.</summary>
    TooSlow,

    /// <summary>The server holds too much that has not come whole, and this most of it: 503.</summary>
    Overloaded,

    /// <summary>An upload could not be written to disk: 500.</summary>
    NotStored,

    /// <summary>It is in a coding that is not read: 415.</summary>
    Coded,

    /// <summary>All uploads together take as much of the disk as they may: 503.</summary>
    NoRoom,

    /// <summary>A form names its action behind a file that was taken for another: 400.</summary>
    ActionAfterFile,

    /// <summary>What is behind the first file of a form would change what was sent before it, which middleware and policies have seen: 400.</summary>
    ParamAfterFile,

    /// <summary>The name of a JSONP callback is too long: 400.</summary>
    CallbackTooLong,

    /// <summary>The client is gone: nothing is answered.</summary>
    Gone,
}
