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

    /// <summary>Notes how a member is to be shown, for nodes that it is not connected to.</summary>
    public async ValueTask IntroduceAsync(Connection connection, CancellationToken cancellationToken)
    {
        var chosen = await FindAsync(connection, cancellationToken);
        var card = new Card(chosen ?? await OfAsync(connection, cancellationToken), chosen is not null, connection.Type);
        await cache.SaveAsync(CardKeyOf(connection.Id), card, Kept, cancellationToken: cancellationToken);
    }

    /// <summary>How a member is to be shown, whichever node it is connected to; <see langword="null"/> for one that nobody introduced.</summary>
    public async ValueTask<Card?> CardOfAsync(string connectionId, CancellationToken cancellationToken) =>
        (await cache.LoadAsync<Card>(CardKeyOf(connectionId), cancellationToken: cancellationToken))?.Value;

    private static string CardKeyOf(string connectionId) => $"chat:card:{connectionId}";

    private static string KeyOf(Connection connection) => $"chat:name:{connection.Fingerprint}";
}

/// <summary>How a member is shown.</summary>
internal sealed record Card(string Name, bool Named, string Type);
