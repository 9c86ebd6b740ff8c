namespace Polywire;

/// <summary>A validator for <see cref="ValidateAttribute{TValidator}"/> that asks services, as for whether a name is taken.</summary>
/// <typeparam name="T">The input's type.</typeparam>
/// <remarks>
/// Asked once all members are good and before <see cref="IValidatableInput"/>, in the order of the members; the first that is not content ends it.
/// For members of the action's own input, not for those of records within it.
/// </remarks>
public interface IAsyncInputValidator<in T>
{
    /// <summary>Checks one value. Not called for a value that is <see langword="null"/>.</summary>
    /// <param name="value">The value, formatted.</param>
    /// <param name="name">The input's name on the wire.</param>
    /// <param name="context">The run; services are in <see cref="ActionContext.Services"/>, its token is <see cref="ActionContext.Aborted"/>.</param>
    /// <returns><see langword="null"/> if the value is good, else the error's text.</returns>
    static abstract ValueTask<string?> ValidateAsync(T value, string name, ActionContext context);
}
