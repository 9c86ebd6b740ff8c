using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Polywire.Doors;
using Polywire.TestSupport;
using Polywire.Tests.Fakes;
using Polywire.ToyDoor;
using Shouldly;
using Xunit;

namespace Polywire.Tests.Doors;

/// <summary>A door that somebody else wrote, in an assembly that sees nothing but the public contract.</summary>
public class ToyDoorTests : HostTest
{
    private const string Requests = "add a=1 b=2\nnothing\nroomAdd lobby\nroomAdd lobby\nsay lobby good morning\nfile\nquit\n";

    private static readonly string[] Answers =
    [
        "hello",
        """{"sum":3}""",
        """{"error":"unknown action or invalid apiVersion"}""",
        "ok true",
        """no "connection already in this room (lobby)" """.TrimEnd(),
        "ok ",
        """no "file is a required param to send a file" """.TrimEnd(),
        "bye",
    ];

    // A run that is only counted is still refused when the host stops.
    private readonly TaskCompletionSource _waits = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task ItServesActionsVerbsAndRooms_HoweverItsBytesCome()
    {
        foreach (var part in (int[])[Requests.Length, 7, 1])
        {
            var host = await StartHostAsync();
            await using var client = Open(host.Services);
            for (var at = 0; at < Requests.Length; at += part)
            {
                await client.SendAsync(Requests.Substring(at, Math.Min(part, Requests.Length - at)));
            }

            var lines = await client.ReadToEndAsync().WithinLimit();

            lines.Where(line => !line.Contains("\"context\":\"user\"", StringComparison.Ordinal)).ShouldBe(Answers, $"in parts of {part}");
            lines.Count(line => line.Contains("good morning", StringComparison.Ordinal)).ShouldBe(1);
            host.Services.GetRequiredService<IConnections>().Count.ShouldBe(0);
        }
    }

    [Fact]
    public async Task ItHearsWhatOthersSay_AndWhatTheApplicationSends()
    {
        var host = await StartHostAsync();
        await using var client = Open(host.Services);
        await client.SendAsync("roomAdd lobby\n");
        (await client.ReadLineAsync()).ShouldBe("hello");
        (await client.ReadLineAsync()).ShouldBe("ok true");

        await host.Services.GetRequiredService<IRooms>().SayAsync("lobby", "from the server");
        var said = await client.ReadLineAsync();
        await host.Services.GetRequiredService<IConnections>().All.Single().SendAsync("pushed");
        var pushed = await client.ReadLineAsync();

        said.ShouldContain("from the server");
        pushed.ShouldBe("\"pushed\"");
    }

    [Fact]
    public async Task ItSaysGoodbyeWhenTheHostStops_AndAnswersWhatRunsFirst()
    {
        var gate = new TaskCompletionSource();
        var host = await StartHostAsync(gate);
        await using var client = Open(host.Services);
        await client.SendAsync("wait\n");
        await _waits.Task.WithinLimit();

        var stopping = host.StopAsync();
        gate.SetResult();
        await stopping.WithinLimit();

        (await client.ReadToEndAsync().WithinLimit()).ShouldBe(["hello", """{"sum":0}""", "bye"]);
    }

    [Fact]
    public async Task APeerThatDoesNotReadIsCutOff()
    {
        var host = await StartHostAsync(options: options => options.ConfigurePolywire(polywire => polywire.MaxQueueLength = 16 * 1024));
        await using var client = Open(host.Services);
        var connections = host.Services.GetRequiredService<IConnections>();
        await Until.TrueAsync(() => connections.Count == 1);
        var connection = connections.All.Single();

        while (!connection.IsClosed)
        {
            await connection.SendAsync(new string('x', 4096));
        }

        await client.Serving.WithinLimit();
        connections.Count.ShouldBe(0);
    }

    [Fact]
    public void ItsAssemblyIsNoFriend() =>
        typeof(Connection).Assembly.GetCustomAttributes(typeof(InternalsVisibleToAttribute), false).Cast<InternalsVisibleToAttribute>()
            .Select(friend => friend.AssemblyName)
            .ShouldAllBe(name => name != typeof(WordsConnection).Assembly.GetName().Name && name != "Polywire.AspNetCore");

    private async Task<Polywire.Testing.PolywireTestHost> StartHostAsync(
        TaskCompletionSource? gate = null, Action<Polywire.Testing.PolywireTestHostOptions>? options = null) =>
        await StartAsync(
            polywire =>
            {
                polywire.AddRooms("lobby");
                polywire.MapAction("add", (Numbers numbers) => new Sum(numbers.A + numbers.B));
                polywire.MapAction("wait", async (Numbers _) =>
                {
                    _waits.TrySetResult();
                    await (gate?.Task ?? Task.CompletedTask);
                    return new Sum(0);
                });
            },
            options);

    private static Client Open(IServiceProvider services)
    {
        Pipe there = new(), back = new();
        var connection = new WordsConnection(new Wire(there.Reader, back.Writer), services.GetRequiredService<ConnectionServices>());
        return new Client(there.Writer, back.Reader, connection.RunAsync());
    }

    private sealed record Numbers
    {
        public int A { get; init; }

        public int B { get; init; }
    }

    private sealed record Sum(int Total)
    {
        [System.Text.Json.Serialization.JsonPropertyName("sum")]
        public int Total { get; } = Total;
    }

    private sealed record Wire(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Client(PipeWriter output, PipeReader input, Task serving) : IAsyncDisposable
    {
        private readonly StreamReader _lines = new(input.AsStream());

        public Task Serving => serving;

        public async Task SendAsync(string text) => await output.WriteAsync(Encoding.UTF8.GetBytes(text));

        public async Task<string> ReadLineAsync() => await _lines.ReadLineAsync().WithinLimit() ?? throw new EndOfStreamException();

        public async Task<List<string>> ReadToEndAsync()
        {
            var lines = new List<string>();
            while (await _lines.ReadLineAsync() is { } line)
            {
                lines.Add(line);
            }

            return lines;
        }

        public async ValueTask DisposeAsync()
        {
            await output.CompleteAsync();
            await serving.WithinLimit();
            _lines.Dispose();
        }
    }
}
