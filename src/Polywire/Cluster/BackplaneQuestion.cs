using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>A question to other nodes.</summary>
[Experimental("PWX0002")]
public sealed record BackplaneQuestion
{
    /// <summary>The name of what is asked; see <see cref="IBackplane.RespondAsync"/>.</summary>
    public required string Method { get; init; }

    /// <summary>One JSON value in UTF-8.</summary>
    public required ReadOnlyMemory<byte> Arguments { get; init; }

    /// <summary>The <see cref="NodeIdentity.Id"/> of the node that is asked; <see langword="null"/> (default) asks all others.</summary>
    public string? Node { get; init; }

    /// <summary>Whether every node is to answer; by default the first answer is enough.</summary>
    public bool All { get; init; }

    /// <summary>How long answers are waited for; <see langword="null"/> (default) for as long as the backplane is set to, which is 5 seconds unless said otherwise.</summary>
    public TimeSpan? Timeout { get; init; }
}
