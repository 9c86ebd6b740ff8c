#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>What a <see cref="ConnectionGate"/> says to a connection.</summary>
#if POLYWIRE_SOCKHOP
internal enum GateAnswer
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public enum GateAnswer
#endif
{
    /// <summary>It is in.</summary>
    In,

    /// <summary>There are as many connections as may be.</summary>
    TooMany,

    /// <summary>Its address has as many as it may have.</summary>
    TooManyOfAddress,
}
