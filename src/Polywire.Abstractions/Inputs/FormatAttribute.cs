namespace Polywire;

/// <summary>Changes an input's value before it is validated.</summary>
/// <typeparam name="TFormatter">Called statically; formatters of one input run in the order they are written.</typeparam>
/// <remarks>For actions that are classes. The host does not start with one on the input of a delegate.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class FormatAttribute<TFormatter> : Attribute;

/// <summary>A formatter for <see cref="FormatAttribute{TFormatter}"/> that keeps the type.</summary>
/// <typeparam name="T">The input's type.</typeparam>
public interface IInputFormatter<T>
{
    /// <summary>Gives the value to use instead. Not called for an input that was not sent.</summary>
    /// <exception cref="ActionException">Ends the run with the exception's words.</exception>
    static abstract T Format(T value);
}
