using System.Net;
using Polywire.Bounds;
using Polywire.Transport;

namespace Polywire.AspNetCore.Hosting;

/// <summary>A door's gate as the transport sees it.</summary>
internal sealed class TransportGate(DoorGate gate) : IConnectionGate
{
    public bool CountsAddresses => gate.CountsAddresses;

    public bool TryEnter(IPAddress? address) => gate.TryEnter(address) == GateAnswer.In;

    public void Leave(IPAddress? address) => gate.Leave(address);
}
