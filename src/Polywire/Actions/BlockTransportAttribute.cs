namespace Polywire;

/// <summary>Refuses an action to connections of some transports; they are answered <see cref="ActionStatus.UnsupportedServerType"/>.</summary>
/// <remarks>Transports of later versions may run it; where that must not be, use <see cref="AllowTransportAttribute"/>.</remarks>
/// <param name="transports">The transports that may not run it.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class BlockTransportAttribute(Transports transports) : Attribute
{
    /// <summary>The transports that may not run the action.</summary>
    public Transports Transports { get; } = transports;
}
