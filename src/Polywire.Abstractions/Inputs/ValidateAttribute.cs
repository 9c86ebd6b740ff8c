namespace Polywire;

/// <summary>Checks an input's value after it was formatted.</summary>
/// <typeparam name="TValidator">Called statically; validators of one input all run, in the order they are written.</typeparam>
/// <remarks>For actions that are classes. The host does not start with one on the input of a delegate.</remarks>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter, AllowMultiple = true, Inherited = false)]
public sealed class ValidateAttribute<TValidator> : Attribute;

/// <summary>A validator for <see cref="ValidateAttribute{TValidator}"/>.</summary>
/// <typeparam name="T">The input's type.</typeparam>
public interface IInputValidator<in T>
{
    /// <summary>Checks one value. Not called for an input that was not sent.</summary>
    /// <param name="value">The value, formatted.</param>
    /// <param name="name">The input's name on the wire, with those of the records around it: <c>nested.x</c>.</param>
    /// <returns><see langword="null"/> if the value is good, else the error's text.</returns>
    static abstract string? Validate(T value, string name);
}
