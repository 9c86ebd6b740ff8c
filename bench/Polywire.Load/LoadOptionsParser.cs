using System.Globalization;

namespace Polywire.Load;

/// <summary>Reads the command line: a command, then <c>--name value</c> pairs and flags.</summary>
internal static class LoadOptionsParser
{
    public const string Usage = """
        polywire-load COMMAND [options]        results: one JSON line each on stdout, a table on stderr

          request   --connections 50 --depth 1 [--rate R]            requests and answers
          greedy    --connections 20 --greedy-depth 4096 [--rate R]  polite connections beside a greedy one
          fanout    --listeners 500 --in-flight 4 [--stalled S]      one sender, a room of listeners
          idle      --connections 1000 [--touch] --pid PID           memory of an idle connection
          churn     --connections 10000 --concurrency 50 [--rate R] [--join] [--end fin|quit|reset|mix]
          flood     --bytes 268435456                                a line or message that never ends
          spoil     --doors tcp:P,tls:P,http:P,https:P,websocket:P,sockhop:P [--seed N]  spoiled messages, and witnesses
          bare      --port P                                         serves: a plain Kestrel handler to compare with
          self-check                                                 checks this program itself

        server    --host H --port P | --unix PATH, --pid PID, --no-welcome, --websocket PATH
        requests  --action NAME --params JSON-MEMBERS --payload BYTES --room ROOM --probe-rate R
        time      --seconds S --warmup S --settle S --timeout S --limit S
        compare   --against-port P | --against-unix PATH, --against-pid PID, --against-no-welcome,
                  --against-websocket PATH, --rounds N
        output    --quiet

        Ends with 0, 1 (errors, lost answers, closed connections) or 2 (wrong usage).
        """;

    /// <summary>Reads <paramref name="args"/>.</summary>
    /// <exception cref="FormatException">An option is unknown, lacks its value, or is out of its range.</exception>
    public static LoadOptions Parse(IReadOnlyList<string> args)
    {
        if (args.Count == 0)
        {
            throw new FormatException("A command is missing.");
        }

        var options = new LoadOptions { Command = args[0] };
        for (var i = 1; i < args.Count;)
        {
            var name = args[i++];
            options = Flag(options, name) ?? With(options, name, i < args.Count ? args[i++] : throw new FormatException($"{name} needs a value."));
        }

        return options;
    }

    private static LoadOptions? Flag(LoadOptions o, string name) => name switch
    {
        "--no-welcome" => o with { NoWelcome = true },
        "--against-no-welcome" => o with { AgainstNoWelcome = true },
        "--join" => o with { Join = true },
        "--touch" => o with { Touch = true },
        "--quiet" => o with { Quiet = true },
        _ => null,
    };

    private static LoadOptions With(LoadOptions o, string name, string value) => name switch
    {
        "--host" => o with { Host = value },
        "--port" => o with { Port = (int)Number(name, value, 1, 65535) },
        "--unix" => o with { UnixPath = value },
        "--websocket" => o with { WebSocketPath = value },
        "--pid" => o with { Pid = (int)Number(name, value, 1, int.MaxValue) },
        "--against-port" => o with { AgainstPort = (int)Number(name, value, 1, 65535) },
        "--against-unix" => o with { AgainstUnixPath = value },
        "--against-websocket" => o with { AgainstWebSocketPath = value },
        "--against-pid" => o with { AgainstPid = (int)Number(name, value, 1, int.MaxValue) },
        "--rounds" => o with { Rounds = (int)Number(name, value, 1, 1000) },
        "--connections" => o with { Connections = (int)Number(name, value, 1, 10_000_000) },
        "--depth" => o with { Depth = (int)Number(name, value, 1, 1 << 16) },
        "--greedy-depth" => o with { GreedyDepth = (int)Number(name, value, 1, 1 << 20) },
        "--rate" => o with { Rate = Number(name, value, 0.1, 10_000_000) },
        "--probe-rate" => o with { ProbeRate = Number(name, value, 0.1, 100_000) },
        "--action" => o with { Action = value },
        "--params" => o with { Params = value },
        "--payload" => o with { Payload = (int)Number(name, value, 0, 16 << 20) },
        "--room" => o with { Room = value },
        "--listeners" => o with { Listeners = (int)Number(name, value, 1, 1_000_000) },
        "--in-flight" => o with { InFlight = (int)Number(name, value, 1, 1 << 16) },
        "--stalled" => o with { Stalled = (int)Number(name, value, 0, 100_000) },
        "--concurrency" => o with { Concurrency = (int)Number(name, value, 1, 10_000) },
        "--end" when value is "fin" or "quit" or "reset" or "mix" => o with { End = value },
        "--bytes" => o with { Bytes = (long)Number(name, value, 1, 1L << 40) },
        "--doors" => o with { Doors = value },
        "--seed" => o with { Seed = (int)Number(name, value, 1, int.MaxValue) },
        "--seconds" => o with { Duration = Seconds(name, value) },
        "--warmup" => o with { Warmup = Seconds(name, value) },
        "--settle" => o with { Settle = Seconds(name, value) },
        "--timeout" => o with { Timeout = Seconds(name, value) },
        "--limit" => o with { Limit = Seconds(name, value) },
        _ => throw new FormatException($"{name} {value}: no such option or value."),
    };

    private static TimeSpan Seconds(string name, string value) => TimeSpan.FromSeconds(Number(name, value, 0, 86_400));

    private static double Number(string name, string value, double min, double max) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"{name} takes a number from {min} to {max}, not '{value}'."));
}
