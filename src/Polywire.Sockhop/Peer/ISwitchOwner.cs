namespace Polywire.Sockhop.Peer;

/// <summary>Who is told when a <see cref="BinarySwitch"/> holds nothing back any more. Called without the gate, by any thread.</summary>
internal interface ISwitchOwner
{
    void OnReleased();
}
