using System.Net;
using Microsoft.AspNetCore.Connections;
using Polywire.Bounds;

namespace Polywire.AspNetCore.Hosting;

/// <summary>Puts a gate on an endpoint of Kestrel, before TLS.</summary>
internal static class GateMiddleware
{
    /// <param name="builder">The endpoint.</param>
    /// <param name="gate">Does nothing where it bounds nothing.</param>
    /// <param name="isExempt">Says whose address is not counted; null for nobody's.</param>
    public static void UseGate(this IConnectionBuilder builder, DoorGate gate, Func<IPAddress, bool>? isExempt = null)
    {
        if (!gate.IsBounded)
        {
            return;
        }

        builder.Use(next => async connection =>
        {
            var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
            address = address is null || isExempt?.Invoke(address) == true ? null : address;
            if (gate.TryEnter(address) != GateAnswer.In)
            {
                return;
            }

            try
            {
                await next(connection);
            }
            finally
            {
                gate.Leave(address);
            }
        });
    }
}
