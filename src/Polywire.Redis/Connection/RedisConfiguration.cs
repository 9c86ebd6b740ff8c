using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using StackExchange.Redis;

namespace Polywire.Redis.Connection;

/// <summary>Reads where Redis is: StackExchange.Redis's own text, or a URL.</summary>
internal static class RedisConfiguration
{
    private const int DefaultPort = 6379;

    /// <summary>Reads a configuration.</summary>
    /// <param name="text">As <see cref="RedisOptions.Configuration"/>.</param>
    /// <param name="options">What was read.</param>
    /// <returns>Null, or what is wrong with it, without any part of it: there may be a password in it.</returns>
    public static string? TryParse(string? text, [NotNull] out ConfigurationOptions? options)
    {
        options = new ConfigurationOptions();
        if (string.IsNullOrWhiteSpace(text))
        {
            return "a text such as localhost:6379 is required";
        }

        var isUrl = text.StartsWith("redis://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("rediss://", StringComparison.OrdinalIgnoreCase);
        try
        {
            return isUrl ? ParseUrl(text, options) : Parse(text, ref options);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return "not a configuration that StackExchange.Redis can read";
        }
    }

    private static string? Parse(string text, ref ConfigurationOptions options)
    {
        options = ConfigurationOptions.Parse(text);
        return options.EndPoints.Count == 0 ? "it names no host" : null;
    }

    private static string? ParseUrl(string text, ConfigurationOptions options)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            return "not a URL such as redis://host:6379/0";
        }

        options.EndPoints.Add(url.IdnHost.Trim('[', ']'), url.Port > 0 ? url.Port : DefaultPort);
        options.Ssl = url.Scheme.Equals("rediss", StringComparison.OrdinalIgnoreCase);
        if (options.Ssl)
        {
            options.SslHost = url.Host;
        }

        if (url.UserInfo.Length > 0)
        {
            var cut = url.UserInfo.IndexOf(':', StringComparison.Ordinal);
            var user = Uri.UnescapeDataString(cut < 0 ? url.UserInfo : url.UserInfo[..cut]);
            options.User = user.Length == 0 ? null : user;
            options.Password = cut < 0 ? null : Uri.UnescapeDataString(url.UserInfo[(cut + 1)..]);
        }

        var database = url.AbsolutePath.Trim('/');
        if (database.Length == 0)
        {
            return null;
        }

        if (!int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return "what stands behind the host in the URL is the number of a database";
        }

        options.DefaultDatabase = number;
        return null;
    }
}
