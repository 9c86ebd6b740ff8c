namespace Polywire.Sockhop.Peer;

/// <summary>Tells a sender that memory of its own has been written, or never will be.</summary>
internal sealed class WriteCompletion() : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
