using System.Security.Cryptography.X509Certificates;

namespace Polywire.Testing;

/// <summary>What a client told when it connected, made up for a test.</summary>
/// <param name="certificate">The certificate it showed; null for none. Not disposed here.</param>
/// <param name="headers">Headers of the upgrade or request; null for none.</param>
/// <param name="query">The query of it; null for none.</param>
public sealed class FakeHandshake(
    X509Certificate2? certificate = null, IReadOnlyDictionary<string, string>? headers = null, IReadOnlyDictionary<string, string>? query = null) : ConnectionHandshake
{
    private readonly Dictionary<string, string> _headers = new(headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override X509Certificate2? ClientCertificate => certificate;

    /// <inheritdoc/>
    public override string? GetHeader(string name) => _headers.GetValueOrDefault(name);

    /// <inheritdoc/>
    public override string? GetQuery(string name) => query?.GetValueOrDefault(name);
}
