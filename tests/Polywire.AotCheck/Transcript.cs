using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Polywire.AotCheck;

/// <summary>Prints what was answered, without what differs from run to run.</summary>
internal sealed partial class Transcript
{
    public int Count { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Asks, and prints the answer; what throws or is empty has failed.</summary>
    public async Task AddAsync(string what, Func<Task<string>> ask)
    {
        string answer;
        try
        {
            answer = await ask().WaitAsync(TimeSpan.FromSeconds(30));
        }
#pragma warning disable CA1031 // Whatever it is: it is printed and counted.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            answer = exception.ToString();
            Failures++;
        }

        Count++;
        Failures += answer.Length == 0 ? 1 : 0;
        Console.WriteLine($"{what}: {Changing().Replace(answer, "~")}");
    }

    // GUIDs, tokens, ports, times and the process's own figures.
    [GeneratedRegex("""[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|(?<=\d)\.\d{3,}|\d{5,}|\d{4}-\d\d-\d\dT[\d:]+|"problems":\[[^\]]*\]|"(nodeStatus|uptime|threadPoolDelay|memory\w*|id|serverId|nodeVersion|version|consumed\w*|value)":("[^"]*"|[\d.]+)|Date: [^\n]*|primus::[^"]*""")]
    private static partial Regex Changing();
}

/// <summary>Ports that nobody listens on.</summary>
internal static class Ports
{
    public static int Free()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
