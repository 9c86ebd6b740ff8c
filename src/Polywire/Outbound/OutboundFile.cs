using System.Diagnostics.CodeAnalysis;
using Microsoft.Win32.SafeHandles;

namespace Polywire.Outbound;

/// <summary>A file on its way out.</summary>
/// <param name="handle">Open for reading at any position.</param>
/// <param name="length">How many bytes to send.</param>
[Experimental("PWX0001")]
public sealed class OutboundFile(SafeFileHandle handle, long length)
{
    /// <summary>Open for reading at any position.</summary>
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>How many bytes to send.</summary>
    public long Length { get; } = length;

    /// <summary>Completes when the last byte was written, or with false when it never will be.</summary>
    public TaskCompletionSource<bool> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
