namespace Polywire.Doors;

/// <summary>Where a connection is in its life; the stages follow one another in this order, and some may be left out.</summary>
internal enum LifeStage : byte
{
    /// <summary>Known to the host, and not yet let in by the middleware.</summary>
    Opening,

    /// <summary>Welcomed; its requests are done.</summary>
    Open,

    /// <summary>The end has been decided on; what runs may still be answered.</summary>
    Ending,

    /// <summary>Closed for the application: its runs are cancelled, its middleware is told, its rooms are left.</summary>
    Leaving,

    /// <summary>The last bytes go out.</summary>
    Goodbye,

    /// <summary>Nothing will be written any more.</summary>
    Closed,
}
