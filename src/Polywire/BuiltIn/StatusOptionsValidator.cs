using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.BuiltIn;

/// <summary>Stops the start on a bad threshold.</summary>
internal sealed class StatusOptionsValidator : IValidateOptions<StatusOptions>
{
    public ValidateOptionsResult Validate(string? name, StatusOptions options) =>
        new OptionsCheck("Polywire:Status")
            .Between(nameof(options.MaxHealthyMemoryMegabytes), options.MaxHealthyMemoryMegabytes, 1, int.MaxValue)
            .Between(nameof(options.MaxHealthyThreadPoolDelay), options.MaxHealthyThreadPoolDelay, TimeSpan.Zero, TimeSpan.FromDays(1))
            .Result;
}
