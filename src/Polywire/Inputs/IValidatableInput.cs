namespace Polywire;

/// <summary>An input record with rules that one member alone cannot express.</summary>
public interface IValidatableInput
{
    /// <summary>Checks the bound record; called only if every member was good.</summary>
    /// <returns><see langword="null"/> if it is good, else the error's text.</returns>
    ValueTask<string?> ValidateAsync(ActionContext context);
}
