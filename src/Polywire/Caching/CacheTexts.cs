namespace Polywire.Caching;

/// <summary>Every text that the cache answers with, in one place.</summary>
/// <remarks>Source: core.md 5.2; the last three are Polywire's own, for what ActionHero leaves to Redis or does not notice.</remarks>
internal static class CacheTexts
{
    public const string NotFound = "Object not found";
    public const string Expired = "Object expired";
    public const string Locked = "Object locked";
    public const string LockLost = "Object lock lost";
    public const string WrongKind = "Object is of another kind";
    public const string TooLarge = "Object too large";

    /// <summary>The text of one failure.</summary>
    public static string Of(CacheFailure failure) => failure switch
    {
        CacheFailure.NotFound => NotFound,
        CacheFailure.Expired => Expired,
        CacheFailure.Locked => Locked,
        CacheFailure.LockLost => LockLost,
        CacheFailure.WrongKind => WrongKind,
        CacheFailure.TooLarge => TooLarge,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, null),
    };
}
