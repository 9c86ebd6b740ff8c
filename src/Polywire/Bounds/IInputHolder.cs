#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>Who holds input: a connection, or a request whose body is being read.</summary>
#if POLYWIRE_SOCKHOP
internal interface IInputHolder
#else
[System.Diagnostics.CodeAnalysis.Experimental("PWX0001")]
public interface IInputHolder
#endif
{
    /// <summary>Bytes held beside what the reader reports; for any thread, at any time, without locks.</summary>
    long OtherBytes => 0;

    /// <summary>Lets go of what is held, soon, and ends. Called once at most, by any thread, with no lock held; does not wait.</summary>
    /// <remarks>Ends first and tells then: what it throws is passed over.</remarks>
    void EndInput(in InputEnd end);
}
