namespace Polywire.Redis;

/// <summary>Settings of a node that joins a running ActionHero 19 cluster: section <c>Polywire:Redis:ActionHero</c>, or <see cref="RedisOptions.JoinActionHero"/>.</summary>
public sealed class ActionHeroOptions
{
    /// <summary>
    /// ActionHero's <c>config.general.serverToken</c>. <see langword="null"/> (default) joins nothing. ActionHero's own default, <c>change-me</c>, is taken in
    /// Development alone.
    /// </summary>
    public string? ServerToken { get; set; }

    /// <summary>The channel on which ActionHero's nodes talk to each other; <c>actionhero</c> by default, as its <c>config.general.channel</c>.</summary>
    public string Channel { get; set; } = "actionhero";
}
