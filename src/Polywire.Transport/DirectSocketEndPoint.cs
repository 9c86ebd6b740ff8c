using System.Net;
using System.Net.Sockets;

namespace Polywire.Transport;

/// <summary>An address that Kestrel binds with the direct socket transport instead of its own.</summary>
/// <remarks>Equal to another with an equal <see cref="Address"/>, so a rebind to the same address is recognised.</remarks>
public sealed class DirectSocketEndPoint : EndPoint
{
    /// <summary>Wraps <paramref name="address"/>.</summary>
    /// <param name="address">An <see cref="IPEndPoint"/> (port 0: any free one) or a <see cref="UnixDomainSocketEndPoint"/>.</param>
    /// <param name="options">How to listen; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ArgumentException">The address is of another kind.</exception>
    public DirectSocketEndPoint(EndPoint address, DirectSocketOptions? options = null)
    {
        if (address is not (IPEndPoint or UnixDomainSocketEndPoint))
        {
            throw new ArgumentException("Only IP and Unix domain socket addresses can be listened on.", nameof(address));
        }

        Address = address;
        Options = options ?? new DirectSocketOptions();
    }

    /// <summary>Gets the address; of a bound listener, the one really bound.</summary>
    public EndPoint Address { get; }

    /// <summary>Gets how to listen.</summary>
    public DirectSocketOptions Options { get; }

    /// <inheritdoc/>
    public override AddressFamily AddressFamily => Address.AddressFamily;

    /// <summary>Gives the address as text: <c>127.0.0.1:5000</c>, or <c>unix:/path</c>.</summary>
    /// <returns>What Kestrel shows behind the scheme in "Now listening on".</returns>
    public override string ToString() => Address is UnixDomainSocketEndPoint ? $"unix:{Address}" : Address.ToString()!;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DirectSocketEndPoint other && Address.Equals(other.Address);

    /// <inheritdoc/>
    public override int GetHashCode() => Address.GetHashCode();
}
