namespace Polywire.AspNetCore.Http.Params;

/// <summary>Bytes that may come.</summary>
internal sealed class UploadQuota(long bytes)
{
    /// <summary>Bytes that have come.</summary>
    public long Taken { get; private set; }

    /// <summary>Takes bytes off.</summary>
    /// <returns>Whether there were as many left.</returns>
    public bool TryTake(long count) => (Taken += count) <= bytes;
}
