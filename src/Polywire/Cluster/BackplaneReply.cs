using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>What came of a question.</summary>
/// <remarks>
/// No answer and nobody silent: the question is no node's, which is sure. No answer, but somebody silent: it is not known.
/// </remarks>
[Experimental("PWX0002")]
public sealed record BackplaneReply
{
    /// <summary>The answers, in the order in which they came; at most one unless <see cref="BackplaneQuestion.All"/> was asked.</summary>
    public required IReadOnlyList<BackplaneAnswer> Answers { get; init; }

    /// <summary>The ids of the nodes that were asked, are taken to be alive and have not answered in time; sorted.</summary>
    public required IReadOnlyList<string> Silent { get; init; }
}
