namespace Polywire.Rooms;

/// <summary>What the application has said about one room. Filled before the host starts, and only read from then on.</summary>
internal sealed class RoomRule(string room)
{
    public string Room { get; } = room;

    public SlowReader WhenSlow { get; set; } = SlowReader.Disconnect;
}
