using Polywire.Sockhop.Bounds;

namespace Polywire.Sockhop.Peer;

/// <summary>Why a connection is ended for what it holds, in words.</summary>
internal static class InputErrors
{
    public static SockhopException Of(in InputEnd end) => end.Cause == InputEndCause.Stalled
        ? new SockhopException(
            SockhopErrorCodes.MessageTimeout,
            $"A message did not get on within {nameof(SockhopServerOptions.MessageTimeout)} ({end.Limits.MessageTimeout}, "
            + $"{nameof(SockhopServerOptions.MinMessageRate)} {end.Limits.MinMessageRate} bytes a second).")
        : new SockhopException(
            SockhopErrorCodes.TooMuchInput,
            $"Of all connections this one held most, {end.Held} bytes, and together they held more than "
            + $"{nameof(SockhopServerOptions.MaxBufferedInput)} ({end.Limits.MaxBytes}).");
}
