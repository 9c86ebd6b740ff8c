#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>What ends a holder of input.</summary>
internal enum InputEndCause : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The budget is used up, and nobody holds more.</summary>
    Budget,

    /// <summary>A message has begun and does not go on.</summary>
    Stalled,
}
