namespace Polywire;

/// <summary>The HTTP methods that routes can be for.</summary>
[Flags]
public enum RouteMethods
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>HEAD</c>; where no such route matches, those of <c>GET</c> answer it.</summary>
    Head = 1,

    /// <summary><c>GET</c>.</summary>
    Get = 2,

    /// <summary><c>POST</c>.</summary>
    Post = 4,

    /// <summary><c>PUT</c>.</summary>
    Put = 8,

    /// <summary><c>PATCH</c>.</summary>
    Patch = 16,

    /// <summary><c>DELETE</c>.</summary>
    Delete = 32,

    /// <summary>All six.</summary>
    All = Head | Get | Post | Put | Patch | Delete,
}
