#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Diagnostics;
using System.Text;
using Polywire.AspNetCore.Http.Params;
using Polywire.Params;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Names chosen so that a hash without a secret takes all of them for one.</summary>
public sealed class CollidingNamesTests
{
    private const int Few = 2_000;
    private const int Many = 40_000;

    [Fact]
    public void AreCollisionsIndeed() => Names(Few).Select(WeakHash).Distinct().Count().ShouldBe(1);

    [Fact]
    public void CostNoMoreThanOthers_InAJsonBody()
    {
        // Quadratic work on 20 times as many would take 400 times as long; the machine may be slow, but not 100 times slower on one of two runs.
        var few = Time(Few);
        var many = Time(Many);

        many.ShouldBeLessThan(TimeSpan.FromTicks(Math.Max(few.Ticks, TimeSpan.TicksPerMillisecond * 10) * 100));

        static TimeSpan Time(int count)
        {
            var json = Encoding.UTF8.GetBytes($"{{{string.Join(',', Names(count).Select(name => $"\"{name}\":1"))}}}");
            var started = Stopwatch.GetTimestamp();
            var set = ParamSet.Rent();
            JsonBodyReader.TryRead(json, set).ShouldBeTrue();
            set.DistinctIndexes().Count().ShouldBe(count);
            set.Release();
            return Stopwatch.GetElapsedTime(started);
        }
    }

    // The framework's hash of texts without its secret: two lanes of two characters each. The first two characters and the fifth and sixth
    // are chosen so that the first lane ends where it began.
    private static IEnumerable<string> Names(int count)
    {
        var found = 0;
        for (var seed = 0x41u; found < count; seed++)
        {
            var first = (seed & 0xff) + 0x4e00 + (((seed >> 8) + 0x4e00) << 16);
            var lane = Step((5381u << 16) + 5381u, first);
            var wanted = Step((5381u << 16) + 5381u, 0x4e004e00);
            var second = Rotate(lane) ^ Step(wanted, 0x4e004e00);
            var name = $"{Text(first)}aa{Text(second)}aa";
            if (name.All(c => c is > '\u00ff' or (>= 'a' and <= 'z')) && !name.Any(char.IsSurrogate) && !name.Any(c => c >= '\ufff0'))
            {
                found++;
                yield return name;
            }
        }
    }

    private static string Text(uint pair) => $"{(char)(pair & 0xffff)}{(char)(pair >> 16)}";

    private static uint Rotate(uint lane) => System.Numerics.BitOperations.RotateLeft(lane, 5) + lane;

    private static uint Step(uint lane, uint pair) => Rotate(lane) ^ pair;

    private static uint WeakHash(string text)
    {
        var (first, second) = ((5381u << 16) + 5381u, (5381u << 16) + 5381u);
        for (var i = 0; i < text.Length; i += 4)
        {
            first = Step(first, text[i] | ((uint)text[i + 1] << 16));
            second = Step(second, text[i + 2] | ((uint)text[i + 3] << 16));
        }

        return first + (second * 1566083941);
    }
}
