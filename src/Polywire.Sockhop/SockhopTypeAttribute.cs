namespace Polywire.Sockhop;

/// <summary>Names a type on the wire: the constructor's name at a Node peer.</summary>
/// <param name="name">The name; not one that the protocol reserves.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class SockhopTypeAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;
}
