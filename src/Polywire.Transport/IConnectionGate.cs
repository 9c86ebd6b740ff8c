using System.Net;

namespace Polywire.Transport;

/// <summary>Counts the connections of an address before anything is made of them. Called from many threads at once.</summary>
public interface IConnectionGate
{
    /// <summary>Whether <see cref="TryEnter"/> wants to know where a connection comes from, which costs a system call.</summary>
    bool CountsAddresses { get; }

    /// <summary>Counts a connection in. One that may not come in is closed without a word.</summary>
    /// <param name="address">Where it comes from; <see langword="null"/> where addresses are not counted or there is none.</param>
    /// <returns>Whether it is in; then <see cref="Leave"/> follows with the same address, once.</returns>
    bool TryEnter(IPAddress? address);

    /// <summary>Counts a connection out.</summary>
    /// <param name="address">As it was counted in.</param>
    void Leave(IPAddress? address);
}
