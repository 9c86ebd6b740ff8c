using Polywire;

namespace Chat;

/// <summary>What people call themselves, kept for a day under their session: a browser that comes back is known again.</summary>
internal sealed class Names(ICache cache)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async ValueTask<string> OfAsync(Connection connection, CancellationToken cancellationToken) =>
        await FindAsync(connection, cancellationToken) ?? $"guest {connection.Id[..4]}";

    /// <summary>What somebody chose, or <see langword="null"/>.</summary>
    public async ValueTask<string?> FindAsync(Connection connection, CancellationToken cancellationToken) =>
        (await cache.LoadAsync<string>(KeyOf(connection), cancellationToken: cancellationToken))?.Value;

    public ValueTask SaveAsync(Connection connection, string name, CancellationToken cancellationToken) =>
        cache.SaveAsync(KeyOf(connection), name, Kept, cancellationToken: cancellationToken);

    private static string KeyOf(Connection connection) => $"chat:name:{connection.Fingerprint}";
}
