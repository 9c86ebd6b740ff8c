using System.Text;
using Polywire.Load.Measuring;
using Polywire.Load.Wire;

namespace Polywire.Load;

/// <summary>Checks of the parts that a wrong figure could come from. Needs no server.</summary>
internal static class SelfCheck
{
    private static readonly byte[] Answers = Encoding.UTF8.GetBytes(
        "{\"welcome\":\"Hello!\",\"context\":\"api\"}\r\n" +
        "{\"randomNumber\":0.5,\"context\":\"response\",\"messageId\":12,\"messageCount\":3}\r\n" +
        "\n{\"error\":\"no\",\"messageId\":\"a\"}\n{\"data\":{\"messageId\":7},\"messageId\":8}\nhalf");

    /// <summary>Runs all checks; names those that failed on stderr.</summary>
    /// <returns>0, or 1 where one failed.</returns>
    public static int Run()
    {
        (string Name, Func<bool> Holds)[] checks =
        [
            ("a histogram is within 0.8 % of the exact quantile", HistogramIsCloseToExact),
            ("a histogram keeps its count, its maximum and its bounds", HistogramKeepsItsEnds),
            ("lines come out the same at every split", LinesSurviveEverySplit),
            ("lines longer than the buffer come out whole", LongLinesGrowTheBuffer),
            ("frames come out the same at every split", FramesSurviveEverySplit),
            ("frames are written with the shortest length", FramesAreShort),
            ("ids are found, and only the last one counts", IdsAreFound),
            ("an id is answered once, in any order", IdsAreAnsweredOnce),
            ("templates write their number", TemplatesWriteTheirNumber),
            ("an answer counts where it came, its latency where it was due", PhasesSplitAnswers),
            ("a pacer keeps the rate and gives intended times", PacerKeepsTheRate),
            ("the slope of a line is its slope", () => LeastSquares.Slope([(0, 1), (1, 3), (2, 5)]) == 2),
            ("options are read and refused", OptionsAreRead),
        ];
        var failed = 0;
        foreach (var (name, holds) in checks)
        {
            var held = holds();
            Console.Error.WriteLine($"{(held ? "ok    " : "FAILED")} {name}");
            failed += held ? 0 : 1;
        }

        return failed == 0 ? 0 : 1;
    }

    private static bool HistogramIsCloseToExact()
    {
        var random = new Random(1);
        var histogram = new LatencyHistogram();
        var exact = new long[100_000];
        for (var i = 0; i < exact.Length; i++)
        {
            exact[i] = (long)Math.Exp(random.NextDouble() * 25);
            histogram.Add(exact[i]);
        }

        Array.Sort(exact);
        return new[] { 0.0001, 0.01, 0.5, 0.9, 0.99, 0.999, 1 }.All(quantile =>
        {
            var wanted = exact[(int)Math.Ceiling(quantile * exact.Length) - 1];
            var got = histogram.Quantile(quantile);
            return got >= wanted && got - wanted <= wanted * 0.008;
        });
    }

    private static bool HistogramKeepsItsEnds()
    {
        var histogram = new LatencyHistogram();
        var empty = histogram.Quantile(0.5) == 0 && histogram.Count == 0;
        foreach (var value in new[] { -5, 0, 127, 128, 255, 256, 257, long.MaxValue })
        {
            histogram.Add(value);
        }

        return empty && histogram.Count == 8 && histogram.Max == (1L << 42) - 1 && histogram.Quantile(1) == histogram.Max
            && histogram.Quantile(0) == 0 && histogram.Quantile(0.5) == 128;
    }

    private static bool LinesSurviveEverySplit()
    {
        var whole = Read([Answers]);
        return whole.Count == 5
            && Enumerable.Range(0, Answers.Length + 1).All(at => Read([Answers[..at], Answers[at..]]).SequenceEqual(whole))
            && Read(Answers.Select(one => new[] { one })).SequenceEqual(whole);
    }

    private static bool FramesSurviveEverySplit()
    {
        var text = new string('y', 300);
        byte[] bytes = [0x81, 2, (byte)'h', (byte)'i', 0x89, 0, 0x81, 126, 1, 44, .. Encoding.UTF8.GetBytes(text), 0x88, 2, 3, 0xE8, 0x81];
        string[] whole = ["1 hi", "9 ", "1 " + text, "8 \u0003\uFFFD"];
        return ReadFrames([bytes]).SequenceEqual(whole)
            && Enumerable.Range(0, bytes.Length + 1).All(at => ReadFrames([bytes[..at], bytes[at..]]).SequenceEqual(whole))
            && ReadFrames(bytes.Select(one => new[] { one })).SequenceEqual(whole);
    }

    private static bool FramesAreShort()
    {
        var head = new byte[ClientFrame.MaxHeadBytes];
        return new[] { (0, 6), (125, 6), (126, 8), (65_535, 8), (65_536, 14) }.All(pair => ClientFrame.WriteHead(head, pair.Item1) == pair.Item2)
            && Convert.ToHexStringLower(ClientFrame.Text("ab"u8)) == "8182000000006162"
            && Encoding.UTF8.GetString(Dialect.Frames.Verb("roomAdd", "hall").AsSpan(6)) == "{\"event\":\"roomAdd\",\"room\":\"hall\"}";
    }

    private static List<string> ReadFrames(IEnumerable<byte[]> parts)
    {
        var buffer = new MessageBuffer(16) { IsFramed = true };
        var frames = new List<string>();
        Feed(buffer, parts, () =>
        {
            while (buffer.TryReadFrame(out var opcode, out var payload))
            {
                frames.Add($"{opcode} {Encoding.UTF8.GetString(payload)}");
            }
        });
        return frames;
    }

    private static bool LongLinesGrowTheBuffer()
    {
        var line = new string('x', 10_000);
        return Read(Encoding.UTF8.GetBytes("a\n" + line + "\nb\n").Chunk(7)).SequenceEqual(["a", line, "b"]);
    }

    private static List<string> Read(IEnumerable<byte[]> parts)
    {
        var buffer = new MessageBuffer(16);
        var lines = new List<string>();
        Feed(buffer, parts, () =>
        {
            while (buffer.TryReadLine(out var line))
            {
                lines.Add(Encoding.UTF8.GetString(line));
            }
        });
        return lines;
    }

    private static void Feed(MessageBuffer buffer, IEnumerable<byte[]> parts, Action take)
    {
        foreach (var part in parts)
        {
            for (var left = part.AsSpan(); left.Length > 0;)
            {
                var room = buffer.Room();
                var count = Math.Min(room.Length, left.Length);
                left[..count].CopyTo(room.Span);
                buffer.Advance(count);
                left = left[count..];
                take();
            }
        }
    }

    private static bool IdsAreFound()
    {
        var lines = Read([Answers]).ConvertAll(Encoding.UTF8.GetBytes);
        return MessageScanner.IsWelcome(lines[0])
            && MessageScanner.TryReadId(lines[1], out var first) && first == 12 && !MessageScanner.IsError(lines[1])
            && !MessageScanner.TryReadId(lines[3], out _) && MessageScanner.IsError(lines[3])
            && MessageScanner.TryReadId(lines[4], out var last) && last == 8
            && MessageScanner.TryReadNumber(lines[1], "\"messageCount\":"u8, out var count) && count == 3;
    }

    private static bool IdsAreAnsweredOnce()
    {
        var table = new InFlightTable(3);
        var started = new long[3];
        for (var i = 0; i < 3; i++)
        {
            table.TryStart(100 + i, out started[i]);
        }

        var full = !table.TryStart(1, out _) && table.Count == 3;
        var inAnyOrder = table.TryFinish(started[1], out var at) && at == 101 && table.TryFinish(started[0], out at) && at == 100;
        var once = !table.TryFinish(started[1], out _) && !table.TryFinish(0, out _) && !table.TryFinish(-4, out _) && !table.TryFinish(9999, out _);
        return full && inAnyOrder && once && table.Count == 1 && table.TryStart(5, out var again) && !started.Contains(again);
    }

    private static bool TemplatesWriteTheirNumber()
    {
        var bytes = new byte[200];
        var action = Dialect.Lines.Action("randomNumber", "\"key\":1", 2);
        var say = Dialect.Lines.Say("hall", 3);
        return Encoding.UTF8.GetString(bytes, 0, action.Write(bytes, 42))
                == "{\"action\":\"randomNumber\",\"params\":{\"messageId\":42,\"key\":1,\"payload\":\"xx\"}}\n"
            && Encoding.UTF8.GetString(bytes, 0, say.Write(bytes, 7)) == "say hall n7 xxx\n"
            && action.Write(new byte[action.MaxBytes], long.MaxValue) < action.MaxBytes;
    }

    private static bool PhasesSplitAnswers()
    {
        var recorder = new Recorder();
        var tooEarly = Clock.Now - Clock.Second;
        var first = recorder.Begin("first");
        var inFirst = Clock.Now;
        first.End();
        var second = recorder.Begin("second");
        recorder.Answer(tooEarly, inFirst);
        recorder.Answer(inFirst, Clock.Now);
        second.End();
        return first.Answers == 1 && first.Latency.Count == 1 && second.Answers == 1 && second.Latency.Count == 0;
    }

    private static bool PacerKeepsTheRate()
    {
        const double PerSecond = 2000;
        var due = new List<long>();
        var enough = new ManualResetEventSlim();
        var pacer = new Pacer(PerSecond, intended =>
        {
            due.Add(intended);
            if (due.Count == 200)
            {
                enough.Set();
            }
        });
        var arrived = enough.Wait(TimeSpan.FromSeconds(10));
        pacer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var step = Clock.Second / PerSecond;
        return arrived && due.Zip(due.Skip(1)).All(pair => Math.Abs(pair.Second - pair.First - step) <= 1);
    }

    private static bool OptionsAreRead()
    {
        var options = LoadOptionsParser.Parse(["request", "--port", "5001", "--no-welcome", "--rate", "1e3", "--seconds", "0.5"]);
        string[][] wrong = [[], ["request", "--port"], ["request", "--port", "0"], ["request", "--nonsense", "1"], ["churn", "--end", "bang"]];
        return options is { Port: 5001, NoWelcome: true, Rate: 1000, Command: "request" } && options.Duration == TimeSpan.FromSeconds(0.5)
            && wrong.All(args =>
            {
                try
                {
                    LoadOptionsParser.Parse(args);
                    return false;
                }
                catch (FormatException)
                {
                    return true;
                }
            });
    }
}
