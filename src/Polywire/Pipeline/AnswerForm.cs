using System.Diagnostics.CodeAnalysis;

namespace Polywire.Pipeline;

/// <summary>What <see cref="ResponseWriter.WriteOpen"/> has written.</summary>
/// <param name="isBare">Whether it is a value that is no object and stands alone.</param>
/// <param name="hasError">Whether it tells of an error, the run's or one of its own.</param>
/// <param name="isFault">Whether the answer could not be written, and tells of that in its place.</param>
[Experimental("PWX0001")]
public readonly struct AnswerForm(bool isBare, bool hasError, bool isFault = false)
{
    /// <summary>Whether it is a value that is no object and stands alone.</summary>
    public bool IsBare { get; } = isBare;

    /// <summary>Whether it tells of an error, the run's or one of its own.</summary>
    public bool HasError { get; } = hasError;

    /// <summary>Whether the answer could not be written, and tells of that in its place.</summary>
    public bool IsFault { get; } = isFault;
}
