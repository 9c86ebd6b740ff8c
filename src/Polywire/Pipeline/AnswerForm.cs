namespace Polywire.Pipeline;

/// <summary>What an answer turned out to be.</summary>
/// <param name="IsBare">Whether it is a value that is no object and stands alone.</param>
/// <param name="HasError">Whether it tells of an error, the run's or one of its own.</param>
/// <param name="IsFault">Whether the answer could not be written, and tells of that in its place.</param>
internal readonly record struct AnswerForm(bool IsBare, bool HasError, bool IsFault = false);
