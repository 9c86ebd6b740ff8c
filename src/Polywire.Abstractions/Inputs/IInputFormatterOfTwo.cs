namespace Polywire;

/// <summary>A formatter for <see cref="FormatAttribute{TFormatter}"/> that changes the type: what is sent is a <typeparamref name="TIn"/>.</summary>
/// <typeparam name="TIn">What is sent, or what the formatter before gives; any type that an input can have.</typeparam>
/// <typeparam name="TOut">What comes out: the type of the member, or what the next formatter takes.</typeparam>
/// <remarks>Of several formatters of one input each takes what the one before gives; the last gives the member's type.</remarks>
public interface IInputFormatter<TIn, TOut>
{
    /// <summary>Gives the value to use. Not called for an input that was not sent, nor for a default.</summary>
    /// <exception cref="ActionException">Ends the run with the exception's words.</exception>
    static abstract TOut Format(TIn value);
}
