using System.Globalization;
using Polywire.Sockhop;

namespace Polywire.SockhopBench;

internal static class Addresses
{
    public static T Set<T>(T options, string address)
        where T : SockhopOptions
    {
        if (int.TryParse(address, NumberStyles.None, CultureInfo.InvariantCulture, out var port))
        {
            options.Port = port;
        }
        else
        {
            options.UnixSocketPath = address;
        }

        return options;
    }
}
