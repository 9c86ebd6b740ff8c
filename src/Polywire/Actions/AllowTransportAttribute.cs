namespace Polywire;

/// <summary>
/// Lets connections of some transports run an action, and no others, transports of later versions included; the others are answered
/// <see cref="ActionStatus.UnsupportedServerType"/>.
/// </summary>
/// <remarks>Beside <see cref="BlockTransportAttribute"/> both hold.</remarks>
/// <param name="transports">The transports that may run it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AllowTransportAttribute(Transports transports) : Attribute
{
    /// <summary>The transports that may run the action.</summary>
    public Transports Transports { get; } = transports;
}
