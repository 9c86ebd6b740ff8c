namespace Polywire.Sockhop.Peer;

/// <summary>One thread's turn at an inbox. While it is current on a thread, what that thread sends on the connection is collected.</summary>
/// <param name="owner">The connection.</param>
internal sealed class DrainPass(object owner)
{
    [ThreadStatic]
    private static DrainPass? _current;

    private volatile bool _isStalled;

    public static DrainPass? Current
    {
        get => _current;
        set => _current = value;
    }

    public object Owner => owner;

    /// <summary>The thread whose turn it is; null between turns.</summary>
    public Thread? Thread { get; set; }

    /// <summary>Whether it does not get on: what it sends is written at once.</summary>
    public bool IsStalled
    {
        get => _isStalled;
        set => _isStalled = value;
    }
}
