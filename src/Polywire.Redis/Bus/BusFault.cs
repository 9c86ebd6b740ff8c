namespace Polywire.Redis.Bus;

/// <summary>Why a message between nodes was dropped; the names are the values of the tag <c>reason</c> (cluster.md NO-70).</summary>
internal enum BusFault
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>It is no message of ours, or its body is not what its type has.</summary>
    Form,

    /// <summary>It is of a later version.</summary>
    Version,

    /// <summary>Its type is unknown, or has no place on its channel.</summary>
    Type,

    /// <summary>It is not signed, or wrongly.</summary>
    Signature,

    /// <summary>Its number is not above the last.</summary>
    Duplicate,

    /// <summary>It waited for the link for too long, or with too many others.</summary>
    Outbox,

    /// <summary>Too many waited for a handler.</summary>
    Queue,

    /// <summary>It came over ActionHero's channel with another token.</summary>
    Token,

    /// <summary>It came over ActionHero's channel and orders what is not obeyed.</summary>
    Method,
}
