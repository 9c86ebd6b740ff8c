using Polywire.AspNetCore.Http.Files;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Files;

/// <summary>The path of a request as the name of a file.</summary>
public sealed class FilePathTests
{
    [Theory]
    [InlineData("", "index.html")]
    [InlineData("simple.html", "simple.html")]
    [InlineData("sub/", "sub/index.html")]
    [InlineData("sub", "sub")]
    [InlineData("sub//x", "sub/x")]
    [InlineData("sub/./x", "sub/x")]
    [InlineData("./x", "x")]
    [InlineData("sub/../x", "x")]
    [InlineData("sub/..%2fx", "x")]
    [InlineData("a/b/../../c", "c")]
    [InlineData("a/..", "")]
    [InlineData(".", "")]
    [InlineData("sub%2f", "sub/")]
    [InlineData("sub%2f..%2f", "")]
    [InlineData("a+b", "a+b")]
    [InlineData("...", "...")]
    [InlineData("..a/b", "..a/b")]
    [InlineData("a..", "a..")]
    [InlineData(".well-known/x", ".well-known/x")]
    [InlineData("%252e%252e/x", "%2e%2e/x")]
    public void Names(string path, string name)
    {
        FilePath.TryDecode(path, "index.html", out var result).ShouldBeTrue();

        result.ShouldBe(name);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../x")]
    [InlineData("../public/x")]
    [InlineData("a/../../x")]
    [InlineData("%2e%2e/x")]
    [InlineData("%2E%2E%2Fx")]
    [InlineData("..%2fx")]
    [InlineData(".%2e/x")]
    [InlineData("a/%2e%2e/%2e%2e/a/x")]
    [InlineData("/x")]
    [InlineData("%2fx")]
    [InlineData("/etc/passwd")]
    [InlineData("%2fetc%2fpasswd")]
    [InlineData("//x")]
    [InlineData("a%00")]
    [InlineData("%00")]
    [InlineData("a%00.html")]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%c0%ae%c0%ae/x")]
    public void NamesNothing(string path)
    {
        FilePath.TryDecode(path, "index.html", out var name).ShouldBeFalse();

        name.ShouldBeNull();
    }

    [Theory]
    [InlineData("c:x")]
    [InlineData("..%5cx")]
    [InlineData("a%5c..%5c..%5cx")]
    [InlineData("x::$DATA")]
    public void NamesNothing_WhereTheSystemKnowsOtherWaysOut(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "These are ordinary names elsewhere.");

        FilePath.TryDecode(path, "index.html", out _).ShouldBeFalse();
    }
}
