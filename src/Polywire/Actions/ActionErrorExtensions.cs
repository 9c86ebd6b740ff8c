using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What the pipeline asks of an error.</summary>
[Experimental("PWX0001")]
public static class ActionErrorExtensions
{
    /// <summary>Whether it is a fault of the application and no refusal: something that is no <see cref="ActionException"/> was thrown.</summary>
    public static bool IsFault(this ActionError error) =>
        error.Status == ActionStatus.GenericError && error.Exception is not (null or ActionException);
}
