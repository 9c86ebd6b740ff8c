namespace Polywire.AspNetCore.Http.Params;

/// <summary>Bytes that may still come.</summary>
internal sealed class UploadQuota(long bytes)
{
    private long _left = bytes;

    /// <summary>Takes bytes off.</summary>
    /// <returns>Whether there were as many left.</returns>
    public bool TryTake(long count) => (_left -= count) >= 0;
}
