using System.Text;
using Polywire.Binding;
using Shouldly;
using Xunit;
using Inputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Binding;

public sealed class BindingCostTests
{
    [Fact]
    public void AllocatesNothingButTheRecordAndItsTexts()
    {
        var descriptors = Inputs.Polywire_Tests_Binding_NestedAction_Input;
        InputBinder<NestedAction.Input> bind = Inputs.Bind_Polywire_Tests_Binding_NestedAction_Input;
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
    public void TakesTimeInProportionToWhatWasSent(string opening, string element, string closing, string name)
    {
        var json = opening + new StringBuilder().Insert(0, element, 20_000).ToString().TrimEnd(',') + closing;

        // Would take minutes if any element were looked at again for each other.
        _ = Sent.Texts((name, json)).Bind(
            Inputs.Polywire_Tests_Binding_NestedAction_Input, Inputs.Bind_Polywire_Tests_Binding_NestedAction_Input);
    }
}
