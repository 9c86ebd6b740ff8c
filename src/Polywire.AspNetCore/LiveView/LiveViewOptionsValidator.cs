using System.Buffers;
using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.AspNetCore.LiveView;

/// <summary>Stops the start on a bad setting of the live view.</summary>
internal sealed class LiveViewOptionsValidator : IValidateOptions<LiveViewOptions>
{
    private static readonly SearchValues<char> NotInPaths = SearchValues.Create("?#\\{}*% ");

    public ValidateOptionsResult Validate(string? name, LiveViewOptions options) =>
        new OptionsCheck("Polywire:LiveView")
            .That(
                options.Path.Trim('/').Length > 0 && !options.Path.AsSpan().ContainsAny(NotInPaths),
                nameof(options.Path), options.Path, "a path is required, as in '/polywire/live'")
            .Between(nameof(options.Interval), options.Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
            .Between(nameof(options.MaxRows), options.MaxRows, 1, 1000)
            .Result;
}
