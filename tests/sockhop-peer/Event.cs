namespace PeerUnderTest;

/// <summary>One line of output; members whose value is null are left out.</summary>
internal sealed class Event : Dictionary<string, object?>
{
    public Event(string name)
    {
        Add("ev", name);
    }
}
