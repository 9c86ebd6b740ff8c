using Polywire;

namespace Chat;

/// <summary>What people call themselves, kept for a day under their session: a browser that comes back is known again.</summary>
internal sealed class Names(ICache cache)
{
    private static readonly TimeSpan Kept = TimeSpan.FromDays(1);

    public async ValueTask<string> OfAsync(Connection connection, CancellationToken cancellationToken) =>
        await FindAsync(connection, cancellationToken) ?? $"guest {connection.Id[..4]}";

    /// <summary>What somebody chose, or <see langword="null"/>.</summary>
    public ValueTask<string?> FindAsync(Connection connection, CancellationToken cancellationToken) => FindAsync(connection.Fingerprint, cancellationToken);

    public ValueTask SaveAsync(Connection connection, string name, CancellationToken cancellationToken) =>
        cache.SaveAsync(KeyOf(connection.Fingerprint), name, Kept, cancellationToken: cancellationToken);

    /// <summary>Notes who a connection is, for nodes that it is not connected to.</summary>
    public ValueTask IntroduceAsync(Connection connection, CancellationToken cancellationToken) =>
        cache.SaveAsync(CardKeyOf(connection.Id), new Card(connection.Fingerprint, connection.Type), Kept, cancellationToken: cancellationToken);

    /// <summary>How a member is to be shown, whichever node it is connected to; <see langword="null"/> for one that nobody introduced.</summary>
    public async ValueTask<(string Name, bool Named, string Type)?> ShowAsync(string connectionId, CancellationToken cancellationToken)
    {
        if ((await cache.LoadAsync<Card>(CardKeyOf(connectionId), cancellationToken: cancellationToken))?.Value is not { } card)
        {
            return null;
        }

        var chosen = await FindAsync(card.Fingerprint, cancellationToken);
        return (chosen ?? $"guest {connectionId[..4]}", chosen is not null, card.Type);
    }

    private async ValueTask<string?> FindAsync(string fingerprint, CancellationToken cancellationToken) =>
        (await cache.LoadAsync<string>(KeyOf(fingerprint), cancellationToken: cancellationToken))?.Value;

    private static string CardKeyOf(string connectionId) => $"chat:card:{connectionId}";

    private static string KeyOf(string fingerprint) => $"chat:name:{fingerprint}";
}

/// <summary>Who a connection is.</summary>
internal sealed record Card(string Fingerprint, string Type);
