using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.Caching;

/// <summary>Stops the start on a bad setting of the cache.</summary>
internal sealed class CacheOptionsValidator : IValidateOptions<CacheOptions>
{
    public ValidateOptionsResult Validate(string? name, CacheOptions options) =>
        new OptionsCheck("Polywire:Cache")
            .NotEmpty(nameof(options.Prefix), options.Prefix)
            .NotEmpty(nameof(options.LockPrefix), options.LockPrefix)
            .That(AreApart(options.Prefix, options.LockPrefix), nameof(options.LockPrefix), options.LockPrefix,
                $"neither it nor Polywire:Cache:{nameof(options.Prefix)} may begin with the other")
            .That(options.LockName is not "", nameof(options.LockName), options.LockName, "a text is required, or nothing")
            .Between(nameof(options.LockDuration), options.LockDuration, TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1))
            .Between(nameof(options.MaxEntries), options.MaxEntries, 1, int.MaxValue)
            .Between(nameof(options.MaxBytes), options.MaxBytes, 64 * 1024, 1L << 40)
            .Result;

    private static bool AreApart(string? one, string? other) =>
        string.IsNullOrEmpty(one) || string.IsNullOrEmpty(other)
        || !(one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));
}
