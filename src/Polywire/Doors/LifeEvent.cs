namespace Polywire.Doors;

/// <summary>What moves a connection from one stage of its life to the next.</summary>
internal enum LifeEvent : byte
{
    /// <summary>The middleware let it in.</summary>
    Welcome,

    /// <summary>Somebody decided on the end: the client, the server, or a fault.</summary>
    End,

    /// <summary>What ran is answered, or has had its time.</summary>
    Leave,

    /// <summary>The application has let go, or has had its time.</summary>
    SayGoodbye,

    /// <summary>The last byte is out, or never will be.</summary>
    Close,
}
