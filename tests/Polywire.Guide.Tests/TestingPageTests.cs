using System.Reflection;
using System.Runtime.Loader;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>The tests that the guide shows pass.</summary>
public sealed class TestingPageTests
{
    [Fact]
    public async Task TheTestsOfTheGuidePass()
    {
        var page = GuidePage.Read("docs/guide/testing.md");
        var compilation = ExampleCompiler.Compile(page, page.In("csharp").First(), ImplicitUsings.Sdk);
        using var image = new MemoryStream();
        compilation.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success.ShouldBeTrue(string.Join('\n', ExampleCompiler.Complaints(compilation)));
        image.Position = 0;
        var tests = new AssemblyLoadContext(null).LoadFromStream(image).GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .Where(method => method.IsDefined(typeof(FactAttribute), inherit: false))
            .ToArray();

        foreach (var test in tests)
        {
            await ((Task)test.Invoke(test.DeclaringType!.GetConstructor(Type.EmptyTypes)!.Invoke(null), null)!).WithinLimit();
        }

        tests.Length.ShouldBe(3);
    }
}
