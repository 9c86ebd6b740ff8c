namespace Polywire;

/// <summary>Makes a class that implements <c>IAction&lt;TInput, TOutput&gt;</c> or <c>IAction&lt;TOutput&gt;</c> callable under a name.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActionAttribute : Attribute
{
    /// <summary>Takes name and version from the contract that the action's input belongs to: <see cref="ActionContractAttribute"/>.</summary>
    public ActionAttribute()
    {
    }

    /// <summary>Names the action.</summary>
    /// <param name="name">The name by which clients call the action; compared exactly. Not one of the connection verbs.</param>
    public ActionAttribute(string name)
    {
        Name = name;
    }

    /// <summary>The name by which clients call the action; <see langword="null"/> where the contract says it.</summary>
    public string? Name { get; }

    /// <summary>Several versions of one name live side by side; the highest is the default. 1 where not given.</summary>
    public int Version { get; set; } = 1;

    /// <summary>A version that is a word (<c>"beta"</c>) instead of a number; sorts after all numbers.</summary>
    public string? TextVersion { get; set; }

    /// <summary>Shown in documentation; <see langword="null"/> takes the contract's, the class's XML summary, and the name where there is none.</summary>
    public string? Description { get; set; }

    /// <summary>Whether the action appears in the documentation; <see langword="true"/> by default.</summary>
    public bool Documented { get; set; } = true;
}
