namespace Polywire.Caching;

/// <content>Dumps: all objects in one file, in ActionHero's form. Source: core.md K-6.</content>
internal sealed partial class Cache
{
    public async ValueTask<int> DumpWriteAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);

        // Beside the target, so that the move is within one file system and the target is never half a dump.
        var draft = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            var count = await WriteAllAsync(draft, cancellationToken);
            File.Move(draft, path, overwrite: true);
            return count;
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
    }

    public async ValueTask<int> DumpReadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        List<KeyValuePair<string, CacheRecord>> dump;
        await using (var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 65_536, useAsync: true))
        {
            dump = await CacheDump.ReadAsync(file, _prefix, Now(), cancellationToken);
        }

        await ClearAsync(cancellationToken);
        var count = 0;
        foreach (var (key, record) in dump)
        {
            if (!record.IsExpired(Now()))
            {
                await _store.SetAsync(key, record, guard: null, cancellationToken);
                count++;
            }
        }

        return count;
    }

    private async Task<int> WriteAllAsync(string path, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous,
            BufferSize = 65_536,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using var file = new FileStream(path, options);
        await using var dump = new CacheDump(file);
        var count = 0;
        await foreach (var key in _store.KeysAsync(_prefix, cancellationToken))
        {
            if (await _store.GetAsync(key, cancellationToken) is { } record && !record.IsExpired(Now()))
            {
                await dump.WriteAsync(key, record, cancellationToken);
                count++;
            }
        }

        await dump.CompleteAsync(cancellationToken);
        return count;
    }
}
