namespace Polywire;

/// <summary>Makes a class the contract of a push: its nested type <c>Message</c> is what servers send to a connection of their own accord.</summary>
/// <remarks>For a <c>static partial class</c>; it gets a property <c>Push</c>, a <see cref="PushContract{TMessage}"/>.</remarks>
/// <param name="context">The <c>context</c> of the message on the wire, by which clients tell pushes apart. Not <c>response</c>, <c>user</c> or <c>api</c>.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class PushContractAttribute(string context) : Attribute
{
    /// <summary>The <c>context</c> of the message on the wire.</summary>
    public string Context { get; } = context;
}
