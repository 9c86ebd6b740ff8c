using Microsoft.Extensions.Options;
using Polywire.Hosting;

namespace Polywire.AspNetCore.Http;

/// <summary>Stops the start on a bad setting of the web server.</summary>
internal sealed class WebOptionsValidator : IValidateOptions<WebOptions>
{
    public ValidateOptionsResult Validate(string? name, WebOptions options) =>
        new OptionsCheck("Polywire:Web")
            .NotEmpty(nameof(options.UrlPathForActions), options.UrlPathForActions)
            .Between(nameof(options.Padding), options.Padding ?? 0, 0, 10)
            .Between(nameof(options.DefaultErrorStatusCode), options.DefaultErrorStatusCode, 400, 599)
            .Between(nameof(options.MaxBodySize), options.MaxBodySize, 1, int.MaxValue)
            .Result;
}
