using System.Text;
using System.Text.Json;
using Polywire.Binding;
using Polywire.Inputs;
using Polywire.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

/// <summary>Uploads among the params.</summary>
public sealed class UploadBindingTests : IDisposable
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_UploadAction_Input;
    private static readonly InputBinder<UploadAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_UploadAction_Input;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void BindsUploads()
    {
        var (one, two) = (File("one", "1"), File("two", "22"));
        var set = ParamSet.Rent();
        Add(set, "file", one);
        Add(set, "several", one, two);
        Add(set, "anything", two);

        var input = set.Bind(Descriptors, Bind).Good();

        input.File.ShouldBeSameAs(one);
        input.Other.ShouldBeNull();
        input.Several.ShouldBe([one, two]);
        input.Anything.ShouldBeSameAs(two);
    }

    [Fact]
    public void TakesOneFileForAListOfOne()
    {
        var file = File("one", "1");
        var set = ParamSet.Rent();
        Add(set, "file", file);
        Add(set, "several", file);

        set.Bind(Descriptors, Bind).Good().Several.ShouldBe([file]);
    }

    [Theory]
    [InlineData("\"x\"")]
    [InlineData("{\"name\":\"a\",\"size\":1,\"type\":\"b\"}")]
    [InlineData("0")]
    public void RefusesWhatIsNoUpload(string json) =>
        Sent.Json($"{{\"file\":{json}}}").Bind(Descriptors, Bind).Refused().ShouldBe("Input for parameter \"file\" failed validation!");

    [Fact]
    public void MissesAnUpload() => Sent.Json("{}").Bind(Descriptors, Bind).Missed().ShouldBe("file is a required parameter for this action");

    [Fact]
    public void DescribesThemAsTextsOfAForm() =>
        Descriptors.Single(input => input.Name == "file").Constraints["format"].ShouldBe("binary");

    [Fact]
    public void KeepsUploads_WhenASetIsCopied()
    {
        var file = File("one", "1");
        var set = ParamSet.Rent();
        Add(set, "file", file);
        var other = set.Share();

        var copy = set.Own();
        copy.Set("x"u8, "1"u8, ParamKind.Text);

        copy.ShouldNotBeSameAs(other);
        copy.TryFind("file"u8, out var value).ShouldBeTrue();
        value.ToObject().ShouldBeSameAs(file);
        copy.Release();
        other.Release();
    }

    [Fact]
    public void LetsMiddlewareSetUploads()
    {
        var parameters = new ActionParams();
        parameters.Attach(ParamSet.Rent());
        var file = File("one", "1");
        parameters["file"] = file;
        parameters["several"] = new[] { file };
        var errors = new InputErrors();
        var reader = new InputReader(parameters, Descriptors, errors);

        var input = Bind(ref reader);

        input.File.ShouldBeSameAs(file);
        input.Several.ShouldBe([file]);
    }

    [Fact]
    public async Task ReadsHashesAndGoesAway()
    {
        var file = File("one.txt", "hello");

        using (var reader = new StreamReader(file.OpenReadStream()))
        {
            (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBe("hello");
        }

        Convert.ToHexStringLower(await file.ComputeSha256Async(TestContext.Current.CancellationToken))
            .ShouldBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
        file.Release();
        Should.Throw<FileNotFoundException>(() => file.OpenReadStream());
        file.Release();
    }

    [Fact]
    public void StaysWhereItIsTaken()
    {
        var (kept, moved) = (File("a", "1"), File("b", "2"));
        kept.Keep();
        moved.MoveTo(_folder["elsewhere"]);
        Should.Throw<IOException>(() => File("c", "3").MoveTo(_folder["elsewhere"]));

        kept.Release();
        moved.Release();

        System.IO.File.ReadAllText(kept.Path).ShouldBe("1");
        moved.Path.ShouldBe(_folder["elsewhere"]);
        System.IO.File.ReadAllText(moved.Path).ShouldBe("2");
    }

    [Fact]
    public void ShowsNoPath()
    {
        var json = JsonSerializer.Serialize(File("ä \"b\".txt", "12"));

        JsonDocument.Parse(json).RootElement.EnumerateObject().Select(member => $"{member.Name}={member.Value}")
            .ShouldBe(["name=ä \"b\".txt", "size=2", "type=text/x"]);
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<UploadedFile>("0"));
        Should.Throw<JsonException>(() => JsonSerializer.Deserialize<UploadedFile>(json));
    }

    private static void Add(ParamSet set, string name, params UploadedFile[] files) =>
        set.AddLast(
            Encoding.UTF8.GetBytes(name), ParamEncoding.Describe(files, files.Length > 1), ParamKind.File, files.Length > 1 ? files : files[0]);

    private UploadedFile File(string name, string content) =>
        new(name, "text/x", Encoding.UTF8.GetByteCount(content), _folder.Write($"{Guid.NewGuid():N}", content));
}
