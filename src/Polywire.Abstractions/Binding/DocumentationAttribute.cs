using System.ComponentModel;

namespace Polywire.Binding;

/// <summary>What a documentation comment of a contract says, where compilers of other projects can read it; written by the generator.</summary>
/// <param name="member">The member that has the comment; empty for the type itself.</param>
/// <param name="text">The comment's words, without markup.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = true, Inherited = false)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class DocumentationAttribute(string member, string text) : Attribute
{
    /// <summary>The member that has the comment; empty for the type itself.</summary>
    public string Member { get; } = member;

    /// <summary>The comment's words.</summary>
    public string Text { get; } = text;
}
