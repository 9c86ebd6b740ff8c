#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>Why a holder of input is to end.</summary>
/// <param name="Cause">What for.</param>
/// <param name="Held">Bytes that it held.</param>
/// <param name="Limits">What was passed.</param>
#if POLYWIRE_SOCKHOP
internal readonly record struct InputEnd(InputEndCause Cause, long Held, InputLimits Limits);
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public readonly record struct InputEnd(InputEndCause Cause, long Held, InputLimits Limits);
#endif
