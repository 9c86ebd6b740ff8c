namespace Polywire;

/// <summary>Makes a class the contract of a room: its nested type <c>Message</c> is what is said there.</summary>
/// <remarks>For a <c>static partial class</c>; it gets a property <c>Room</c>, a <see cref="RoomContract{TMessage}"/>.</remarks>
/// <param name="name">The room's name; compared exactly.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RoomContractAttribute(string name) : Attribute
{
    /// <summary>The room's name.</summary>
    public string Name { get; } = name;
}
