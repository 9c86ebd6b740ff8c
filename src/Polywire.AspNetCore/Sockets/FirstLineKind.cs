#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Protocol;
#else
namespace Polywire.AspNetCore.Sockets;
#endif

/// <summary>What the first line of a connection tells of its peer.</summary>
internal enum FirstLineKind
{
    /// <summary>Nothing yet: more of it has to come.</summary>
    Open,

    /// <summary>That it may speak the protocol of the door.</summary>
    Usual,

    /// <summary>That it speaks HTTP.</summary>
    Http,

    /// <summary>That it speaks TLS, where there is none.</summary>
    Tls,
}
