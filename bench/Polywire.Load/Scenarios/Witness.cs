using System.Net.Sockets;
using System.Text;
using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load.Scenarios;

/// <summary>A well-behaved client: asks on one connection, again and again, and each answer must be its question's.</summary>
internal sealed class Witness(Door door, TimeSpan timeout)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly byte[] _buffer = new byte[64 << 10];
    private int _filled;

    public Door Door => door;

    public LatencyHistogram Latency { get; } = new();

    public long Asked { get; private set; }

    public long Answered { get; private set; }

    /// <summary>Answers that were not the question's.</summary>
    public long Wrong { get; private set; }

    /// <summary>Questions without an answer in time, connections that ended or could not be opened.</summary>
    public long Lost { get; private set; }

    public string? First { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var (_, stream) = await door.OpenAsync(door.IsTls, stop);
                await using (stream)
                {
                    _filled = 0;
                    await stream.WriteAsync(door.Prelude, stop);
                    while (!stop.IsCancellationRequested)
                    {
                        await AskAsync(stream);
                        await Task.Delay(Pause, stop);
                    }
                }
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                Lost++;
                First ??= e.Message;
            }
        }
    }

    private async Task AskAsync(Stream stream)
    {
        var word = Guid.NewGuid().ToString("N");
        var from = Clock.Now;
        using var limit = new CancellationTokenSource(timeout);
        Asked++;
        await stream.WriteAsync(door.Question(word), limit.Token);
        while (true)
        {
            var text = Encoding.UTF8.GetString(_buffer, 0, _filled);
            if (text.IndexOf(word, StringComparison.Ordinal) is var at and >= 0 && IsWhole(text, at))
            {
                Answered++;
                Latency.Add(Clock.Now - from);
                _filled = 0;
                return;
            }

            // Every answer has the word of its question; another's would be somebody else's answer.
            if (text.Contains("\"error\"", StringComparison.Ordinal))
            {
                Wrong++;
                First ??= text;
                _filled = 0;
                return;
            }

            var read = _filled < _buffer.Length ? await stream.ReadAsync(_buffer.AsMemory(_filled), limit.Token) : 0;
            if (read == 0)
            {
                throw new IOException($"The connection ended, or more came than an answer: {text[..Math.Min(500, text.Length)]}");
            }

            _filled += read;
        }
    }

    // The word stands in the params; what follows them tells that the answer is all there.
    private bool IsWhole(string text, int at) => door.Name switch
    {
        "tcp" or "tls" or "sockhop" => text.IndexOf('\n', at) >= 0,
        "websocket" => text.IndexOf("\"context\":\"response\"", at, StringComparison.Ordinal) >= 0,
        _ => IsWholeAnswer(text),
    };

    private static bool IsWholeAnswer(string text)
    {
        var body = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var head = body < 0 ? "" : text[..body];
        var length = head.Split("\r\n").FirstOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        return head.StartsWith("HTTP/1.1 200", StringComparison.Ordinal)
            && (length is null ? text.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal) : Encoding.UTF8.GetByteCount(text[(body + 4)..]) >= int.Parse(length[16..], System.Globalization.CultureInfo.InvariantCulture));
    }
}
