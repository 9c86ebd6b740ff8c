using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polywire.Diagnostics;

namespace Polywire.Hosting;

/// <summary>Warns of settings that do not exist, mistyped or in the wrong place, and of hours that are read as days.</summary>
/// <remarks>Stands among the validators, although it refuses nothing, because a start that fails for want of the right setting has to tell of the wrong one.</remarks>
internal sealed partial class UnknownSettings(IConfiguration configuration, KnownSettings known, ILogger<UnknownSettings> logger) : IValidateOptions<PolywireOptions>
{
    private const string Root = PolywireServiceCollectionExtensions.ConfigurationSection;
    private int _told;

    public ValidateOptionsResult Validate(string? name, PolywireOptions options)
    {
        if (Interlocked.Exchange(ref _told, 1) == 0)
        {
            foreach (var (path, meant) in Find())
            {
                Log.UnknownSetting(logger, path, meant is null ? string.Empty : $" Did you mean {meant}?");
            }

            foreach (var path in known.Times.Order(StringComparer.Ordinal))
            {
                if (configuration[$"{Root}:{path}"] is { } text && HoursAsDays(text) is var (read, meant))
                {
                    Log.HoursAreDays(logger, $"{Root}:{path}", text, read, meant);
                }
            }
        }

        return ValidateOptionsResult.Skip;
    }

    /// <summary>Finds them.</summary>
    /// <returns>The full path of each as it is written, and that of the setting which was probably meant, or null.</returns>
    internal IEnumerable<(string Path, string? Meant)> Find() =>
        configuration.GetChildren()
            .Where(static section => !section.Key.Equals(Root, StringComparison.OrdinalIgnoreCase) && NearestName.Find(section.Key, [Root]) is not null && section.GetChildren().Any())
            .Select(static section => (section.Path, (string?)Root))
            .Concat(FindBelow(configuration.GetSection(Root), string.Empty));

    // 24:00:00 is 24 days to TimeSpan.Parse: where the first of three numbers cannot be hours, they are days, hours and minutes.
    private static (TimeSpan Read, TimeSpan Meant)? HoursAsDays(string text) =>
        text.Trim().Split(':') is [var first, var second, var third]
        && int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is > 23 and <= 240_000
        && int.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes)
        && int.TryParse(third, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var read)
            ? (read, new TimeSpan(hours, minutes, seconds))
            : null;

    private IEnumerable<(string Path, string? Meant)> FindBelow(IConfigurationSection section, string path)
    {
        if (!known.TryGet(path, out var names))
        {
            // A setting, and no section: nothing belongs below it.
            foreach (var child in section.GetChildren())
            {
                yield return (child.Path, Meant(child.Key, path, []));
            }

            yield break;
        }

        foreach (var child in section.GetChildren())
        {
            if (!names.TryGetValue(child.Key, out var isFree))
            {
                yield return (child.Path, Meant(child.Key, path, names.Keys));
            }
            else if (!isFree)
            {
                // As the setting is spelled, for what is said of those below it.
                var name = names.Keys.First(spelled => spelled.Equals(child.Key, StringComparison.OrdinalIgnoreCase));
                foreach (var unknown in FindBelow(child, KnownSettings.Join(path, name)))
                {
                    yield return unknown;
                }
            }
        }
    }

    // One beside it, or one of the same name elsewhere.
    private string? Meant(string name, string path, IEnumerable<string> beside) =>
        NearestName.Find(name, beside) is { } near
            ? $"{Root}:{KnownSettings.Join(path, near)}"
            : known.PathsOf(name).Select(static other => $"{Root}:{other}").Order(StringComparer.Ordinal).FirstOrDefault();

    private static partial class Log
    {
        [LoggerMessage(EventIds.UnknownSetting, LogLevel.Warning, "{Setting} is no setting of Polywire and has no effect.{Meant}")]
        public static partial void UnknownSetting(ILogger logger, string setting, string meant);

        [LoggerMessage(
            EventIds.HoursAreDays,
            LogLevel.Warning,
            "{Setting} is {Text}, which .NET reads as {Read}: hours end at 23, and what is more counts as days. Write {Meant} for so many hours")]
        public static partial void HoursAreDays(ILogger logger, string setting, string text, TimeSpan read, TimeSpan meant);
    }
}
