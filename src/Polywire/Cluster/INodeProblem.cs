using System.Diagnostics.CodeAnalysis;

namespace Polywire;

/// <summary>Something that may be wrong with this node. The action <c>status</c> and the health check <c>polywire-node</c> tell it while it is.</summary>
/// <remarks>
/// Registered as a singleton, as many as there are: <c>services.AddSingleton&lt;INodeProblem, Mine&gt;()</c>. Asked at every status, from any thread,
/// so it answers at once from what it knows, and does not throw.
/// </remarks>
[Experimental("PWX0002")]
public interface INodeProblem
{
    /// <summary>One sentence without its full stop that holds now, such as <c>The cluster is not reachable</c>; <see langword="null"/> if all is well.</summary>
    string? Problem { get; }
}
