namespace Polywire.Sockhop.Peer;

/// <summary>Who is told how a <see cref="Handshake"/> goes. Called without the gate, by any thread.</summary>
internal interface IHandshakeOwner
{
    /// <summary>What is sent from now on is binary.</summary>
    void OnSwitched();

    /// <summary>It has succeeded or failed; called once at most.</summary>
    void OnSettled(SockhopHandshakeResult result);

    /// <summary>Something was told that nobody who reads will run.</summary>
    void OnToldLate();
}
