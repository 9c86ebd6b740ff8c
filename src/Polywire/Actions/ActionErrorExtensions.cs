using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Tells the kinds of errors apart.</summary>
[Experimental("PWX0001")]
public static class ActionErrorExtensions
{
    /// <summary>Whether the error is a fault of the application, not a refusal: an exception other than <see cref="ActionException"/> was thrown.</summary>
    public static bool IsFault(this ActionError error) =>
        error.Status == ActionStatus.GenericError && error.Exception is not (null or ActionException);
}
