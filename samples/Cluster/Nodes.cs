using System.Diagnostics;
using System.Globalization;

namespace Cluster;

/// <summary>The nodes: processes of the chat, which can be killed and started again from the keyboard.</summary>
internal sealed class Nodes : IDisposable
{
    public const string Hints = """

        Open http://localhost:8080 in two browsers and talk: they may be on different nodes.

          1, 2, 3     kill that node as a crash does, or start it again
          q           stop all

        Who was on a node that dies is on another a moment later, in the same rooms. In the log of the others the dead one is swept after its lease, 10 seconds.
        """;

    private const int FirstPort = 8081;
    private const int FirstTcpPort = 5001;

    private readonly string _redis;
    private readonly Process?[] _processes;

    public Nodes(string redis, int count)
    {
        _redis = redis;
        _processes = new Process?[count];
        for (var i = 0; i < count; i++)
        {
            Start(i);
        }
    }

    /// <summary>Where the nodes are, by name.</summary>
    public IReadOnlyDictionary<string, string> Addresses =>
        Enumerable.Range(0, _processes.Length).ToDictionary(NameOf, index => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FirstPort + index}"));

    /// <summary>Does what is typed, line by line.</summary>
    public async Task ObeyAsync(TextReader keyboard, CancellationToken stopping)
    {
        try
        {
            while (await keyboard.ReadLineAsync(stopping) is { } line && line != "q")
            {
                if (int.TryParse(line, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= _processes.Length)
                {
                    Toggle(number - 1);
                }
            }

            if (!stopping.IsCancellationRequested && Console.IsInputRedirected)
            {
                await Task.Delay(Timeout.Infinite, stopping);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl+C.
        }
    }

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process?.Kill();
            process?.Dispose();
        }
    }

    private static string NameOf(int index) => string.Create(CultureInfo.InvariantCulture, $"chat-{index + 1}");

    private void Toggle(int index)
    {
        if (_processes[index] is { HasExited: false } process)
        {
            process.Kill();
            process.Dispose();
            _processes[index] = null;
            Console.WriteLine($"{NameOf(index)} was killed");
        }
        else
        {
            Start(index);
            Console.WriteLine($"{NameOf(index)} was started");
        }
    }

    private void Start(int index)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Chat.dll")]);
        start.Environment["Polywire__NodeId"] = NameOf(index);
        start.Environment["Polywire__Redis__Configuration"] = _redis;
        start.Environment["Polywire__Web__Port"] = (FirstPort + index).ToString(CultureInfo.InvariantCulture);
        start.Environment["Polywire__Socket__Port"] = (FirstTcpPort + index).ToString(CultureInfo.InvariantCulture);
        start.Environment["Chat__Hints"] = "false";
        _processes[index] = Process.Start(start);
    }
}
