using System.Diagnostics.CodeAnalysis;

namespace Polywire.Actions;

/// <summary>Looks at every action before the registry is frozen, and may add to it.</summary>
[Experimental("PWX0001")]
public interface IActionConvention
{
    /// <summary>Looks at one action. Called once for each version of each action, at the start of the host.</summary>
    /// <exception cref="InvalidOperationException">The action asks for what the application has not set up.</exception>
    void Apply(ActionDescriptor action);
}
