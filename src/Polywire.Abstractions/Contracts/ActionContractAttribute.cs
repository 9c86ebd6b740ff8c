namespace Polywire;

/// <summary>Makes a class the contract of an action: its nested types <c>Input</c> and <c>Output</c> are what clients send and what they get.</summary>
/// <remarks>
/// For a <c>static partial class</c> of a project that client and server share; <c>Input</c> is <c>partial</c> and gets
/// <see cref="IActionInput{TOutput}"/>. The server's class has <c>[Action]</c> without a name and implements
/// <c>IAction&lt;TInput, TOutput&gt;</c> of the two types. Routes (<see cref="ActionRouteAttribute"/>) may stand beside it.
/// </remarks>
/// <param name="name">The name by which clients call the action; compared exactly. Not one of the connection verbs.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class ActionContractAttribute(string name) : Attribute
{
    /// <summary>The name by which clients call the action.</summary>
    public string Name { get; } = name;

    /// <summary>The version that clients ask for. 1 where not given.</summary>
    public int Version { get; set; } = 1;

    /// <summary>A version that is a word (<c>"beta"</c>) instead of a number.</summary>
    public string? TextVersion { get; set; }

    /// <summary>Shown in documentation; <see langword="null"/> takes the class's XML summary.</summary>
    public string? Description { get; set; }
}
