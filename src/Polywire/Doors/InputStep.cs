using System.Diagnostics.CodeAnalysis;

namespace Polywire.Doors;

/// <summary>What <see cref="StreamConnection.Take"/> has found: no whole message, one whose work has begun, or a reason to end.</summary>
[Experimental("PWX0001")]
public readonly struct InputStep
{
    private readonly CloseReason _end;

    private InputStep(Kind kind, CloseReason end, ValueTask<bool> work) => (What, _end, Work) = (kind, end, work);

    private enum Kind : byte
    {
        NeedMore,
        Begun,
        End,
    }

    /// <summary>No whole message is there.</summary>
    public static InputStep NeedMore => default;

    /// <summary>Whether more has to be read.</summary>
    public bool NeedsMore => What == Kind.NeedMore;

    /// <summary>Why the connection is to end; null where it goes on.</summary>
    public CloseReason? EndReason => What == Kind.End ? _end : null;

    /// <summary>What the message asked for: completes when the next one may be looked at, with false where it asked for the end.</summary>
    public ValueTask<bool> Work { get; }

    private Kind What { get; }

    /// <summary>A message has been taken, and what it asks for has begun.</summary>
    public static InputStep Begun(ValueTask<bool> work) => new(Kind.Begun, default, work);

    /// <summary>The connection is to end.</summary>
    public static InputStep End(CloseReason reason) => new(Kind.End, reason, default);
}
