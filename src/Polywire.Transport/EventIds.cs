namespace Polywire.Transport;

/// <summary>The one table of event ids of this assembly; none is ever used twice.</summary>
internal static class EventIds
{
    public const int CallbackFailed = LastCatch.EventId;
    public const int AcceptFailed = 2001;
    public const int ThreadsExhausted = 2002;
}
