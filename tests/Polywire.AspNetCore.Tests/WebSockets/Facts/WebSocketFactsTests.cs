#pragma warning disable xUnit1051 // Every wait is bounded by the client.
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.AspNetCore.Tests.Http.Facts;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.WebSockets.Facts;

/// <summary>What an ActionHero client sees, conversation by conversation.</summary>
public sealed class WebSocketFactsTests(ConformanceApps apps) : IClassFixture<ConformanceApps>
{
    /// <summary>The name of every conversation.</summary>
    public static TheoryData<string> Names => [.. WebSocketConversation.ReadAll().Select(conversation => conversation.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task AreSpokenAsWritten(string name)
    {
        var address = await apps.StartAsync("WS_PING_INTERVAL=0");
        var steps = WebSocketConversation.ReadAll().Single(conversation => conversation.Name == name).Steps;
        var clients = new Dictionary<int, WebSocketClient>();
        var pattern = new FactPattern();
        try
        {
            for (var at = 0; at < steps.Count; at++)
            {
                var step = steps[at];
                switch (step.Mark)
                {
                    case "@":
                        var headers = steps.Skip(at + 1).TakeWhile(next => next.Mark == "@@").Select(next => next.Text + "\r\n");
                        clients[step.Connection] = await WebSocketClient.ConnectRawAsync(address, step.Text, string.Concat(headers));
                        clients[step.Connection].Status.ShouldBe("101");
                        break;
                    case "@@":
                        break;
                    case "<":
                        var expected = steps.Skip(at).TakeWhile(next => next.Mark == "<" && next.Connection == step.Connection).ToList();
                        at += expected.Count - 1;
                        await ExpectAsync(clients[step.Connection], pattern, expected);
                        break;
                    default:
                        await DoAsync(clients[step.Connection], step);
                        break;
                }
            }
        }
        finally
        {
            foreach (var client in clients.Values)
            {
                await client.DisposeAsync();
            }
        }
    }

    // Answers that do not depend on each other may come in any order.
    private static async Task ExpectAsync(WebSocketClient client, FactPattern pattern, List<WebSocketStep> expected)
    {
        while (expected.Count > 0)
        {
            var text = await client.ReadAsync();
            var actual = JsonNode.Parse(text);
            var found = expected.FindIndex(step => pattern.Matches(step.Json, actual));
            found.ShouldBeGreaterThanOrEqualTo(0, $"{text}\nis none of\n{string.Join('\n', expected.Select(step => step.Text))}");
            expected.RemoveAt(found);
        }
    }

    private static async Task DoAsync(WebSocketClient client, WebSocketStep step)
    {
        switch (step.Mark)
        {
            case ">":
                await client.SendAsync(step.Text);
                break;
            case ">binary":
                await client.SendAsync(ClientFrame.Of(ClientFrame.Fin | ClientFrame.Binary, Convert.FromBase64String(step.Text)));
                break;
            case ">fragments":
                var parts = step.Json!.AsArray().Select(part => part!.GetValue<string>()).ToList();
                for (var i = 0; i < parts.Count; i++)
                {
                    var opcode = i == 0 ? ClientFrame.Text : ClientFrame.Continuation;
                    await client.SendAsync(ClientFrame.Of(opcode | (i == parts.Count - 1 ? ClientFrame.Fin : 0), parts[i]));
                }

                break;
            case ">ping":
                await client.SendAsync(ClientFrame.Of(ClientFrame.Fin | ClientFrame.Ping, step.Text));
                break;
            case "<pong":
                var (first, payload) = await client.ReadFrameAsync();
                (first, Encoding.UTF8.GetString(payload)).ShouldBe(((byte)0x8A, step.Text));
                break;
            case ">close":
                await client.SendAsync(ClientFrame.Closing(ushort.Parse(step.Text, null)));
                break;
            case "<close":
                (await client.ReadCloseAsync()).Code.ToString(System.Globalization.CultureInfo.InvariantCulture).ShouldBe(step.Text);
                break;
            case ">say":
                await SayTooMuchAsync(client, int.Parse(step.Text, null));
                break;
            default:
                throw new FormatException($"No step begins like this: {step.Mark}");
        }
    }

    private static async Task SayTooMuchAsync(WebSocketClient client, int characters)
    {
        try
        {
            await client.SendAsync(JsonSerializer.Serialize(new { @event = "say", message = new string('x', characters) }));
        }
        catch (IOException)
        {
            // The server need not take it all before it refuses it.
        }
    }
}
