using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Polywire.Hosting;
using Polywire.Redis.Connection;

namespace Polywire.Redis;

/// <summary>Refuses settings with which the cluster could not work.</summary>
internal sealed class RedisOptionsValidator(RedisSource source, IServiceProvider services) : IValidateOptions<RedisOptions>
{
    private const int LeastSecret = 16;

    // What ActionHero has where nobody has set another.
    private const string CommonToken = "change-me";

    public ValidateOptionsResult Validate(string? name, RedisOptions options)
    {
        var check = new OptionsCheck(RedisPolywireBuilderExtensions.ConfigurationSection)
            .NotEmpty(nameof(options.Prefix), options.Prefix)
            .Between(nameof(options.Lease), options.Lease, TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(10))
            .Between(nameof(options.Timeout), options.Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1))
            .That(options.Timeout <= options.Lease, nameof(options.Timeout), options.Timeout, $"at most {nameof(options.Lease)}, which is {options.Lease}")
            .Between(nameof(options.StartTimeout), options.StartTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1))
            .Between(nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(10))
            .Between(nameof(options.OutboxMessages), options.OutboxMessages, 0, 1_000_000)
            .Between(nameof(options.OutboxAge), options.OutboxAge, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        // Its value is nobody's business, so it is not told.
        check.That(options.Secret is null || Encoding.UTF8.GetByteCount(options.Secret) >= LeastSecret, nameof(options.Secret), "***", $"at least {LeastSecret} bytes");
        if (options.ActionHero.ServerToken is { } token)
        {
            var isForAll = token == CommonToken && services.GetService<IHostEnvironment>()?.IsDevelopment() is not true;
            check.That(token.Length > 0, $"{nameof(options.ActionHero)}:{nameof(ActionHeroOptions.ServerToken)}", token, OptionsCheck.TextRequired)
                .That(!isForAll, $"{nameof(options.ActionHero)}:{nameof(ActionHeroOptions.ServerToken)}", token, "everybody knows it, so it is taken in Development alone")
                .NotEmpty($"{nameof(options.ActionHero)}:{nameof(ActionHeroOptions.Channel)}", options.ActionHero.Channel);
        }

        if (!source.IsGiven)
        {
            var reason = RedisConfiguration.TryParse(options.Configuration, out _);
            check.That(reason is null, nameof(options.Configuration), "***", reason ?? string.Empty);
        }

        return check.Result;
    }
}
