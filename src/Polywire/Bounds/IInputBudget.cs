#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Bounds;
#else
namespace Polywire.Bounds;
#endif

/// <summary>One account for what peers make the process hold before anything has run.</summary>
internal interface IInputBudget
{
    /// <summary>Opens an account for one connection or request; it holds nothing yet.</summary>
    /// <param name="holder">Told when it is to end.</param>
    IInputAccount Open(IInputHolder holder);
}
