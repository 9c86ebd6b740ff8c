#pragma warning disable xUnit1051 // Nothing here waits for a peer.
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Polywire.AspNetCore.Http.Params;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Multipart forms: what becomes a field, what a file, and what is refused.</summary>
public sealed class MultipartFormTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ReadsFieldsAndFiles_HoweverTheyAreCut()
    {
        var form = Form(
            ("name=\"file1\"; filename=\"a.txt\"", "Content-Type: text/plain\r\n", "hello\r\n--X"),
            ("name=\"key1\"", "", "é 4"),
            ("name=\"file2\"; filename=\"b.bin\"", "", "\0\r\n\n\r"),
            ("name=\"key2\"", "Content-Type: text/plain\r\n", ""));
        foreach (var split in Splits.Of(form))
        {
            using var received = new HttpParams();

            (await ReadAsync(new PieceStream(split.Pieces), received)).ShouldBe(HttpBodyProblem.None, split.ToString());

            ParamText.Of(received.Set).ShouldBe(
                """{"file1":{"name":"a.txt","size":10,"type":"text/plain"},"file2":{"name":"b.bin","size":5,"type":"application/octet-stream"},"key1":"é 4","key2":""}""",
                split.ToString());
            File.ReadAllText(received.Uploads!.ByName["file1"].Path).ShouldBe("hello\r\n--X");
            received.ReadBody().GetRawText().ShouldBe("""{"key1":"é 4","key2":""}""");
        }

        Left().ShouldBe(0);
    }

    [Fact]
    public async Task RefusesAFormThatEndsTooSoon_WhereverItDoes()
    {
        var form = Form(("name=\"file1\"; filename=\"a.txt\"", "", "hello"), ("name=\"key1\"", "", "1"));
        for (var length = 0; length < form.Length - "--\r\n".Length; length++)
        {
            using var received = new HttpParams();

            // No bytes at all are no body.
            (await ReadAsync(new MemoryStream(form[..length]), received)).ShouldBe(length == 0 ? HttpBodyProblem.None : HttpBodyProblem.Malformed, $"{length} bytes");

            received.Set.Count.ShouldBe(0);
        }

        Left().ShouldBe(0);
    }

    [Theory]
    [InlineData("name=\"a\"; filename=\"x.txt\"", "x.txt")]
    [InlineData("name=\"a\"; filename=\"\"", "")]
    [InlineData("name=\"a\"; filename=\"../../etc/x.txt\"", "x.txt")]
    [InlineData("name=\"a\"; filename=\"C:\\dir\\x.txt\"", "x.txt")]
    [InlineData("name=\"a\"; filename=\"..\\..\\x.txt\"", "x.txt")]
    [InlineData("name=\"a\"; filename=\"/etc/passwd/\"", "")]
    [InlineData("name=\"a\"; filename=\"ünï.txt\"", "ünï.txt")]
    [InlineData("name=\"a\"; filename=\"a\\\"b.txt\"", "a\"b.txt")]
    [InlineData("name=\"a\"; filename=\"a%22b.txt\"", "a\"b.txt")]
    [InlineData("name=\"a\"; filename=x.txt", "x.txt")]
    [InlineData("name=a; filename=\"x.txt\"", "x.txt")]
    [InlineData("filename=\"x.txt\"; name=\"a\"", "x.txt")]
    [InlineData("name=\"a\"; filename*=UTF-8''%C3%BCn%2F..%2Fx%C3%AF.txt", "xï.txt")]
    [InlineData("name=\"a\"; filename=\"plain.txt\"; filename*=UTF-8''%C3%BC.txt", "ü.txt")]
    public async Task TakesTheLastPartOfAFileName(string disposition, string name)
    {
        using var received = new HttpParams();

        (await ReadAsync(new MemoryStream(Form((disposition, "", "1"))), received)).ShouldBe(HttpBodyProblem.None);

        var file = received.Uploads!.ByName["a"];
        file.Name.ShouldBe(name);
        Path.GetFileName(file.Path).ShouldStartWith("upload_");
        Path.GetDirectoryName(file.Path).ShouldBe(_folder["uploads"]);
        file.Path.Length.ShouldBe(_folder["uploads"].Length + "/upload_".Length + 32);
    }

    [Fact]
    public async Task LetsTheLastOfANameWin_AndFieldsOverFiles()
    {
        using var received = new HttpParams();
        var form = Form(
            ("name=\"a\"", "", "field"), ("name=\"a\"; filename=\"1\"", "", "1"), ("name=\"a\"; filename=\"2\"", "", "22"),
            ("name=\"b\"", "", "1"), ("name=\"b\"", "", "2"), ("name=\"c\"; filename=\"1\"", "", "1"), ("name=\"c\"; filename=\"2\"", "", "22"));

        await ReadAsync(new MemoryStream(form), received);

        ParamText.Of(received.Set).ShouldBe("""{"a":"field","c":{"name":"2","size":2,"type":"application/octet-stream"},"b":"2"}""");
    }

    [Fact]
    public async Task MakesAListOfFilesOfOneName_WhereItIsTold()
    {
        using var received = new HttpParams();
        var form = Form(("name=\"a\"; filename=\"1\"", "", "1"), ("name=\"a\"; filename=\"2\"", "", "22"), ("name=\"b\"; filename=\"3\"", "", ""));

        await ReadAsync(new MemoryStream(form), received, multiples: true);

        received.Set.TryFind("a"u8, out var list).ShouldBeTrue();
        ((IReadOnlyList<UploadedFile>)list.ToObject()!).Select(file => file.Name).ShouldBe(["1", "2"]);
        received.Set.TryFind("b"u8, out var one).ShouldBeTrue();
        one.ToObject().ShouldBeOfType<UploadedFile>().Length.ShouldBe(0);
    }

    [Fact]
    public async Task TakesCountedNamesForAPayload_FieldsAndFilesEachForItself()
    {
        using var received = new HttpParams();

        await ReadAsync(new MemoryStream(Form(("name=\"0\"", "", "x"), ("name=\"1\"", "", "y"))), received);

        ParamText.Of(received.Set).ShouldBe("""{"payload":["x","y"]}""");

        using var files = new HttpParams();
        await ReadAsync(new MemoryStream(Form(("name=\"0\"; filename=\"f\"", "", "x"))), files);
        files.Set.TryFind("payload"u8, out var payload).ShouldBeTrue();
        ((IReadOnlyList<UploadedFile>)payload.ToObject()!).Count.ShouldBe(1);
    }

    [Fact]
    public async Task DecodesBase64()
    {
        using var received = new HttpParams();
        var form = Form(
            ("name=\"a\"", "Content-Transfer-Encoding: BASE64\r\n", "aGVs\r\nbG8="), ("name=\"b\"", "Content-Transfer-Encoding: binary\r\n", "aGVs"),
            ("name=\"c\"; filename=\"c\"", "Content-Transfer-Encoding: base64\r\n", "aGVsbG8="));

        await ReadAsync(new MemoryStream(form), received);

        ParamText.Of(received.Set).ShouldBe("""{"c":{"name":"c","size":5,"type":"application/octet-stream"},"a":"hello","b":"aGVs"}""");
    }

    [Theory]
    [InlineData("a"), InlineData("aGVsbG8"), InlineData("aGVsbG8gd29ybGQ"), InlineData("aGVs\r\nbG8"), InlineData("aGVsbG=")]
    public async Task RefusesBase64ThatIsNotWhole(string text)
    {
        using var received = new HttpParams();
        var form = Form(("name=\"a\"", "Content-Transfer-Encoding: base64\r\n", text));

        await Should.ThrowAsync<FormatException>(() => ReadAsync(new MemoryStream(form), received));
    }

    [Theory]
    [InlineData("Content-Disposition: form-data\r\n\r\nx")]
    [InlineData("Content-Disposition: form-data; filename=\"x\"\r\n\r\nx")]
    [InlineData("Content-Type: text/plain\r\n\r\nx")]
    [InlineData("\r\nx")]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("Content-Disposition: form-data; xname=\"a\"\r\n\r\nx")]
    [InlineData("Content-Disposition: form-data; x=\"; name=a\"\r\n\r\nx")]
    public async Task PassesOverAPartWithoutAName(string part)
    {
        using var received = new HttpParams();

        (await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes($"--XX\r\n{part}\r\n--XX\r\nContent-Disposition: form-data; name=b\r\n\r\n1\r\n--XX--\r\n")), received))
            .ShouldBe(HttpBodyProblem.None);

        ParamText.Of(received.Set).ShouldBe("""{"b":"1"}""");
        Left().ShouldBe(0);
    }

    [Theory]
    [InlineData("name=\"a\"\r\nContent-Transfer-Encoding: quoted-printable")]
    [InlineData("name=a; name=b")]
    [InlineData("name=a; filename=x; filename=y")]
    [InlineData("name=a; filename*=utf-8''x; filename*=utf-8''y")]
    [InlineData("name=\"a")]
    [InlineData("name=\"a\"b")]
    [InlineData("name=a\r\nContent-Disposition: form-data; name=b")]
    [InlineData("name=a\r\nContent-Type: text/plain\r\ncontent-type: text/html")]
    [InlineData("name=a\r\nContent-Transfer-Encoding: binary\r\nContent-Transfer-Encoding: base64")]
    [InlineData("name=a\r\nno header")]
    [InlineData("name=a\r\n: x")]
    [InlineData("name=a\r\nX Y: x")]
    [InlineData("name=a\r\nX : x")]
    [InlineData("name=a\r\nX: \0")]
    [InlineData("name=a\r\nX: a\nb: c")]
    [InlineData("name=a\r\nX: a\rb: c")]
    [InlineData("name=a\u007f")]
    public async Task RefusesWhatTwoReadersWouldReadDifferently(string disposition)
    {
        using var received = new HttpParams();

        (await ReadAsync(new MemoryStream(Form((disposition, "", "x"))), received)).ShouldBe(HttpBodyProblem.Malformed);
        received.Set.Count.ShouldBe(0);
    }

    [Fact]
    public async Task KeepsItsLimits()
    {
        await LimitAsync(Form(("name=\"a\"", "", new string('x', 99))), HttpBodyProblem.None);
        await LimitAsync(Form(("name=\"a\"", "", new string('x', 100))), HttpBodyProblem.TooLarge);
        await LimitAsync(Form(("name=\"a\"", "", new string('x', 50)), ("name=\"b\"", "", new string('x', 49))), HttpBodyProblem.TooLarge);
        await LimitAsync(Form(($"name=\"{new string('n', 101)}\"", "", "")), HttpBodyProblem.TooLarge);
        await LimitAsync(Form(("name=\"a\"; filename=\"f\"", "", new string('x', 1000))), HttpBodyProblem.None);
        await LimitAsync(Form(("name=\"a\"; filename=\"f\"", "", new string('x', 1001))), HttpBodyProblem.TooLarge);
        await LimitAsync(
            Form(("name=\"a\"; filename=\"f\"", "", new string('x', 600)), ("name=\"b\"; filename=\"f\"", "", new string('x', 600))), HttpBodyProblem.TooLarge);
        await LimitAsync(Form([.. Enumerable.Repeat(("name=\"\"", "", ""), 1000)]), HttpBodyProblem.None);
        await LimitAsync(Form([.. Enumerable.Repeat(("name=\"\"", "", ""), 1001)]), HttpBodyProblem.TooLarge);
        Left().ShouldBe(0);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=----=_Part_1_23.4", "----=_Part_1_23.4")]
    [InlineData("multipart/form-data; boundary=a/b?c:d ; charset=x", "a/b?c:d")]
    [InlineData("multipart/form-data; boundary=\"open", null)]
    [InlineData("multipart/form-data; boundary=abc", "abc")]
    [InlineData("multipart/form-data;boundary=abc", "abc")]
    [InlineData("multipart/form-data ; ; boundary = abc", "abc")]
    [InlineData("multipart/form-data; boundary=\"a b c\"", "a b c")]
    [InlineData("multipart/form-data; boundary=\"a\\\"b\"", null)]
    [InlineData("Multipart/Form-Data; charset=utf-8; Boundary=abc", "abc")]
    [InlineData("multipart/mixed; boundary=abc", "abc")]
    [InlineData("multipart/form-data; xboundary=x; boundary=abc", "abc")]
    [InlineData("multipart/form-data; x=\"; boundary=x\"; boundary=abc", "abc")]
    [InlineData("multipart/form-data; x=\"\\\"; boundary=x\"; boundary=abc", "abc")]
    [InlineData("multipart/form-data; boundary=a; boundary=b", null)]
    [InlineData("multipart/form-data; boundary=a; boundary=a", null)]
    [InlineData("multipart/form-data; boundary=\"a \"", null)]
    [InlineData("multipart/form-data; boundary=a,b", "a,b")]
    [InlineData("multipart/form-data; boundary=a*b", null)]
    [InlineData("multipart/form-data; boundary=é", null)]
    [InlineData("multipart/form-data; boundary=\"a;b\"", null)]
    [InlineData("multipart/form-data", null)]
    [InlineData("multipart/form-data; boundary", null)]
    [InlineData("multipart/form-data; boundary=", null)]
    [InlineData("multipart/form-data; boundary=\"\"", null)]
    [InlineData("multipart", null)]
    public void FindsTheBoundary(string contentType, string? boundary) => PartReader.FindBoundary(contentType).ShouldBe(boundary);

    [Theory]
    [InlineData(70, true)]
    [InlineData(71, false)]
    public void ABoundaryHas70CharactersAtMost(int length, bool isOne) =>
        (PartReader.FindBoundary($"multipart/form-data; boundary={new string('x', length)}") is not null).ShouldBe(isOne);

    [Fact]
    public async Task BearsAnything()
    {
        byte[][] corpus = [
            Form(("name=\"file1\"; filename=\"a.txt\"", "Content-Type: text/plain\r\n", "hello"), ("name=\"key1\"", "", "é 4")),
            Form(("name=\"a\"", "Content-Transfer-Encoding: base64\r\n", "aGVsbG8=")),
        ];
        await Fuzz.RunAsync(corpus, 1500, async input =>
        {
            using var received = new HttpParams();
            try
            {
                await ReadAsync(new MemoryStream(input), received);
            }
            catch (Exception exception) when (exception is FormatException)
            {
                // What the caller takes for a broken form.
            }
        });
        Left().ShouldBe(0);
    }

    private static byte[] Form(params (string Disposition, string Headers, string Content)[] parts) =>
        Encoding.UTF8.GetBytes(string.Concat(parts.Select(part =>
            $"--XX\r\nContent-Disposition: form-data; {part.Disposition}\r\n{part.Headers}\r\n{part.Content}\r\n")) + "--XX--\r\n");

    private async Task LimitAsync(byte[] form, HttpBodyProblem expected)
    {
        using var received = new HttpParams();
        (await ReadAsync(new MemoryStream(form), received, maxFields: 100, maxFiles: 1000)).ShouldBe(expected);
    }

    private async Task<HttpBodyProblem> ReadAsync(
        Stream body, HttpParams received, bool multiples = false, long maxFields = 10_000, long maxFiles = 10_000, string boundary = "XX")
    {
        Directory.CreateDirectory(_folder["uploads"]);
        received.Uploads = new UploadSpool(_folder["uploads"], keepExtensions: false, Budget(), NullLogger.Instance);
        using var form = new MultipartForm(new PartReader(body, boundary, maxFields), maxFields, maxFiles, multiples);
        try
        {
            var problem = await form.ReadFieldsAsync(CancellationToken.None);
            problem = problem == HttpBodyProblem.None ? await form.ReadRestAsync(UploadTakes.Everything, received.Uploads, CancellationToken.None) : problem;
            if (problem == HttpBodyProblem.None)
            {
                form.AddTo(received);
            }

            return problem;
        }
        catch (PartTooLargeException)
        {
            return HttpBodyProblem.TooLarge;
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return HttpBodyProblem.Malformed;
        }
    }

    private static UploadBudget Budget() => new(Microsoft.Extensions.Options.Options.Create(new WebOptions()), NullLogger<UploadBudget>.Instance);

    private int Left() => Directory.GetFiles(_folder["uploads"]).Length;
}
