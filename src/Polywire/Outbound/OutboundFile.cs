using Microsoft.Win32.SafeHandles;

namespace Polywire.Outbound;

/// <summary>A file on its way out.</summary>
/// <param name="Handle">Open for reading at any position.</param>
/// <param name="Length">How many bytes to send.</param>
internal sealed record OutboundFile(SafeFileHandle Handle, long Length)
{
    /// <summary>Completes when the last byte was written, or with false when it never will be.</summary>
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
