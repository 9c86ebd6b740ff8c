using System.Text;
using Polywire.Binding;
using Polywire.Inputs;
using Polywire.Tests.Fakes;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

[Collection(Alone.Name)]
public sealed class BindingCostTests
{
    [Fact]
    public void AllocatesNothingButTheRecordAndItsTexts()
    {
        var descriptors = GeneratedInputs.Polywire_Tests_Inputs_NestedAction_Input;
        InputBinder<NestedAction.Input> bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_NestedAction_Input;
        var parameters = new ActionParams();
        parameters.Attach(Sent.Json("""{"outer":{"x":"abc","y":1.5,"middle":{"inner":{"depth":2}}},"size":{"width":1,"height":2},"after":5}"""));
        var errors = new InputErrors();
        NestedAction.Input? last = null;

        long Run()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                var reader = new InputReader(parameters, descriptors, errors);
                last = bind(ref reader);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        long Make()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                last = new NestedAction.Input
                {
                    Outer = new(Encoding.UTF8.GetString("abc"u8), 1.5, new() { Inner = new() { Depth = 2 } }),
                    Lines = [],
                    Holes = [],
                };
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Run();
        Make();
        Run().ShouldBeLessThanOrEqualTo(Make());
        last!.Outer!.Middle!.Inner.Depth.ShouldBe(2);
    }

    [Theory]
    [InlineData("[", "{},", "]", "lines")]
    [InlineData("[", "{\"name\":\"a\",\"name\":\"b\"},", "]", "lines")]
    [InlineData("{", "\"a\":{\"name\":\"a\"},", "}", "map")]
    [InlineData("{", "\"x\":[[[[]]]],", "}", "outer")]
    [InlineData("{", "\"\\ud800\":0,", "}", "outer")]
    public void CostGrowsInProportionToWhatWasSent(string opening, string element, string closing, string name)
    {
        var small = Sized(4_000);
        var large = Sized(64_000);

        // 16 times as much; were every element looked at again for each other, it would be 256 times.
        Growth.ShouldBeLessThan(() => Bind(small), () => Bind(large), 100);

        // Pooled buffers come in powers of two.
        Allocated(() => Bind(large)).ShouldBeLessThan(64 * Math.Max(1024, Allocated(() => Bind(small))));

        string Sized(int count) => opening + new StringBuilder().Insert(0, element, count).ToString().TrimEnd(',') + closing;

        void Bind(string json) => _ = Sent.Texts((name, json)).Bind(
            GeneratedInputs.Polywire_Tests_Inputs_NestedAction_Input, GeneratedInputs.Bind_Polywire_Tests_Inputs_NestedAction_Input);
    }

    [Fact]
    public void CostThatGrowsWithTheSquareIsNoticed()
    {
        Should.Throw<ShouldAssertException>(() => Growth.ShouldBeLessThan(() => Square(200), () => Square(3_200), 100));

        static void Square(int count)
        {
            for (var i = 0; i < count; i++)
            {
                for (var j = 0; j < count; j++)
                {
                    Volatile.Write(ref _sink, i ^ j);
                }
            }
        }
    }

    private static int _sink;

    private static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
