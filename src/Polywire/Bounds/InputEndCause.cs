#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>What ends a holder of input.</summary>
#if POLYWIRE_SOCKHOP
internal enum InputEndCause : byte
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public enum InputEndCause : byte
#endif
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The budget is used up, and nobody holds more.</summary>
    Budget,

    /// <summary>A message has begun and does not go on.</summary>
    Stalled,
}
