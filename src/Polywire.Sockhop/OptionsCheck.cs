using System.Globalization;
using System.Net.Sockets;

namespace Polywire.Sockhop;

internal static class OptionsCheck
{
    // What a timer can hold.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static void UnixPath(string? path, string name)
    {
        if (path is null)
        {
            return;
        }

        try
        {
            _ = new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentException exception)
        {
            // How long it may be depends on the system: 107 bytes on Linux.
            throw new ArgumentException($"{name} cannot be '{path}': {exception.Message}", name, exception);
        }
    }

    public static void Range(long value, long least, long most, string name)
    {
        if (value < least || value > most)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be between {least} and {most}."));
        }
    }

    public static void Positive(TimeSpan value, string name)
    {
        if (value <= TimeSpan.Zero || value > Longest)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be more than zero and at most {Longest}."));
        }
    }

    public static void NotNegative(TimeSpan value, string name)
    {
        if (value < TimeSpan.Zero || value > Longest)
        {
            throw new ArgumentOutOfRangeException(
                name, value, string.Create(CultureInfo.InvariantCulture, $"{name} must be between zero and {Longest}."));
        }
    }
}
