using Polywire.Cluster;
using Polywire.TestSupport;

namespace Polywire.Tests.Fakes;

/// <summary>A presence store that stops where a test wants, and fails where it wants.</summary>
internal sealed class GatedPresenceStore : IPresenceStore
{
    private readonly InProcessPresenceStore _store = new();

    /// <summary>Called before a member is noted.</summary>
    public Func<Task>? BeforeJoin { get; set; }

    /// <summary>Called before a member is forgotten.</summary>
    public Func<Task>? BeforeLeave { get; set; }

    /// <summary>Called before a room is removed.</summary>
    public Func<Task>? BeforeRemove { get; set; }

    public ValueTask<bool> CreateAsync(string room, CancellationToken cancellationToken) => _store.CreateAsync(room, cancellationToken);

    public async ValueTask<bool> RemoveAsync(string room, CancellationToken cancellationToken)
    {
        await (BeforeRemove?.Invoke() ?? Task.CompletedTask).WithinLimit();
        return await _store.RemoveAsync(room, cancellationToken);
    }

    public ValueTask<bool> ExistsAsync(string room, CancellationToken cancellationToken) => _store.ExistsAsync(room, cancellationToken);

    public ValueTask<IReadOnlyCollection<string>> RoomsAsync(CancellationToken cancellationToken) => _store.RoomsAsync(cancellationToken);

    public async ValueTask<bool> JoinAsync(string room, string member, ReadOnlyMemory<byte> details, CancellationToken cancellationToken)
    {
        await (BeforeJoin?.Invoke() ?? Task.CompletedTask).WithinLimit();
        return await _store.JoinAsync(room, member, details, cancellationToken);
    }

    public async ValueTask<bool> LeaveAsync(string room, string member, CancellationToken cancellationToken)
    {
        await (BeforeLeave?.Invoke() ?? Task.CompletedTask).WithinLimit();
        return await _store.LeaveAsync(room, member, cancellationToken);
    }

    public ValueTask<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> MembersAsync(string room, CancellationToken cancellationToken) =>
        _store.MembersAsync(room, cancellationToken);
}
