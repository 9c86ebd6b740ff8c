using System.Text.Json;
using Polywire.Sockhop;

namespace PeerUnderTest;

/// <summary>Reads commands and answers each with one <c>done</c>.</summary>
internal sealed class Commands(Role role)
{
    public async Task RunAsync(TextReader input)
    {
        while (await input.ReadLineAsync() is { } line)
        {
            if (line.Length == 0)
            {
                continue;
            }

            var command = JsonElement.Parse(line, new JsonDocumentOptions { MaxDepth = 600 });
            if (command.GetProperty("cmd").GetString() == "exit")
            {
                return;
            }

            // Begun in order, so that what is sent keeps the order of the commands.
            _ = AnswerAsync(command);
        }
    }

    private async Task AnswerAsync(JsonElement command)
    {
        var number = command.GetProperty("n").GetInt64();
        var done = new Event("done") { ["n"] = number };
        try
        {
            done["result"] = await BeginAsync(command, number);
            done["ok"] = true;
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or OperationCanceledException
            or InvalidOperationException or ArgumentException)
        {
            done["ok"] = false;
            done["code"] = (exception as SockhopException)?.Code ?? (exception as System.Net.Sockets.SocketException)?.SocketErrorCode.ToString();
            done["message"] = exception.Message;
        }
        catch (Exception exception)
        {
            Output.Crash(exception);
        }

        Output.Write(done);
    }

    private Task<Dictionary<string, object?>?> BeginAsync(JsonElement command, long number)
    {
        var name = command.GetProperty("cmd").GetString()!;
        return name switch
        {
            "send" or "typed" => SendAsync(command, number, isTyped: name == "typed"),
            "reply" => Without(role.ReplyAsync(command)),
            "flood" => FloodAsync(command),
            "stats" => Task.FromResult<Dictionary<string, object?>?>(role.Stats),
            _ => role.RunAsync(name, command) ?? throw new InvalidOperationException($"There is no command {name} here."),
        };
    }

    private static async Task<Dictionary<string, object?>?> Without(ValueTask task)
    {
        await task;
        return null;
    }

    private async Task<Dictionary<string, object?>?> SendAsync(JsonElement command, long number, bool isTyped)
    {
        var peer = role.Peer(command);
        var bytes = Payload.Bytes(command);
        var text = Payload.Text(command);
        var hasValue = Payload.HasValue(command, out var value);
        if (!command.TryGetProperty("cb", out var wantsReply) || !wantsReply.GetBoolean())
        {
            await (isTyped ? peer.SendTypedBufferAsync(command.GetProperty("type").GetString()!, bytes.AsMemory())
                : bytes is not null ? peer.SendAsync(bytes)
                : text is not null ? peer.SendAsync(text)
                : hasValue ? peer.SendAsync(Payload.Type(command, value), value)
                : peer.SendAsync<object>(null!));
            return null;
        }

        var reply = isTyped ? peer.RequestTypedBufferAsync(command.GetProperty("type").GetString()!, bytes.AsMemory())
            : bytes is not null ? peer.RequestAsync(bytes)
            : text is not null ? peer.RequestAsync(text)
            : hasValue ? peer.RequestAsync(Payload.Type(command, value), value)
            : peer.RequestAsync(null!);
        if (reply.IsFaulted)
        {
            await reply;
        }

        _ = WriteReplyAsync(reply, number);
        return null;
    }

    private static async Task WriteReplyAsync(Task<SockhopMessage> reply, long number)
    {
        try
        {
            Output.Write(new Event("reply") { ["n"] = number }.With(await reply));
        }
        catch (SockhopException exception)
        {
            Output.Write(new Event("reply") { ["n"] = number, ["error"] = exception.Code });
        }
    }

    private async Task<Dictionary<string, object?>?> FloodAsync(JsonElement command)
    {
        var peer = role.Peer(command);
        var count = command.GetProperty("count").GetInt32();
        var wantsReplies = command.TryGetProperty("cb", out var cb) && cb.GetBoolean();
        var begin = TimeProvider.System.GetTimestamp();
        var arrived = 0;
        var inOrder = true;

        async Task AskAsync(int i)
        {
            var reply = await peer.RequestAsync("Object", Numbered(i));
            var place = Interlocked.Increment(ref arrived) - 1;
            inOrder &= place == i && reply.Json.ValueKind == JsonValueKind.Object && reply.Json.TryGetProperty("i", out var answered) && answered.GetInt32() == i;
        }

        if (wantsReplies)
        {
            var all = new Task[count];
            for (var i = 0; i < count; i++)
            {
                all[i] = AskAsync(i);
                if (all[i].IsFaulted)
                {
                    // What cannot be asked has no reply to wait for, and nobody waits for the others any more.
                    _ = Task.WhenAll(all[..i]).ContinueWith(static others => others.Exception, TaskScheduler.Default);
                    await all[i];
                }
            }

            await Task.WhenAll(all);
        }
        else
        {
            for (var i = 0; i < count; i++)
            {
                await peer.SendAsync("Object", Numbered(i));
            }
        }

        return new Dictionary<string, object?>
        {
            ["sent"] = count,
            ["replies"] = arrived,
            ["inOrder"] = wantsReplies && inOrder && arrived == count,
            ["ms"] = (long)TimeProvider.System.GetElapsedTime(begin).TotalMilliseconds,
        };
    }

    private static JsonElement Numbered(int i) => JsonElement.Parse(System.Text.Encoding.ASCII.GetBytes($$"""{"i":{{i}}}"""));
}
