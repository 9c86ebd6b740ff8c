#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>What one connection or request holds of an <see cref="IInputBudget"/>.</summary>
/// <remarks>
/// <see cref="Report"/>, <see cref="Await"/> and <see cref="Resume"/> are for the one that reads; <see cref="Settle"/> and <see cref="Close"/> may
/// be called by any thread. None of them allocates.
/// </remarks>
#if POLYWIRE_SOCKHOP
internal interface IInputAccount
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public interface IInputAccount
#endif
{
    /// <summary>Says how many bytes the reader holds now.</summary>
    void Report(long held);

    /// <summary>Looks again at what the holder says of itself (<see cref="IInputHolder.OtherBytes"/>).</summary>
    void Settle();

    /// <summary>Says that more is waited for: of a message that has begun, whose time then runs, or of none.</summary>
    /// <param name="progress">Grows with what has come of the message; 0 where none has begun.</param>
    /// <param name="isNew">Whether a message has ended since the last time, so that this is another one.</param>
    void Await(long progress, bool isNew);

    /// <summary>Says that the peer is not waited for.</summary>
    void Resume();

    /// <summary>Gives everything back; whatever is reported later is passed over.</summary>
    void Close();
}
