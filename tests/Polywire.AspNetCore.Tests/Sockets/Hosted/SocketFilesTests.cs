#pragma warning disable xUnit1051 // Every wait is bounded by the fixture.
using System.Text;
using Polywire.TestSupport;
using Polywire.Testing;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.Sockets.Hosted;

/// <summary>Files on the socket: raw bytes between messages; docs/protocol/socket.md, 9.</summary>
public sealed class SocketFilesTests : IClassFixture<SharedSocketHost>
{
    private const string NotFound = "That file is not found";
    private static readonly byte[] Big = [.. Enumerable.Range(0, 5 << 20).Select(i => (byte)(i % 251))];
    private readonly SharedSocketHost _shared;

    public SocketFilesTests(SharedSocketHost shared)
    {
        _shared = shared;
        var folder = shared.Host.Folder;
        if (File.Exists(folder["public/big.bin"]))
        {
            return;
        }

        folder.Write("public/simple.html", "simple");
        folder.Write("public/index.html", "index");
        folder.Write("public/sub/index.html", "sub index");
        folder.Write("public/späce name.txt", "a name with a space");
        folder.Write("public/empty.txt", "");
        folder.Write("public/two.txt", "line\r\nline\n");
        folder.Write("outside.txt", "never");
        folder.Write("public-sibling/leak.txt", "never");
        File.CreateSymbolicLink(folder["public/link.txt"], folder["outside.txt"]);
        File.CreateSymbolicLink(folder["public/inner.txt"], folder["public/simple.html"]);
        File.CreateSymbolicLink(folder["public/way"], folder.Path);
        folder.Write("public/.hidden", "never");
        if (SpecialFiles.HavePipes)
        {
            SpecialFiles.MakePipe(folder["public/pipe"]);
            SpecialFiles.MakeSocket(folder["public/socket"]);
        }

        folder.Write("public/big.bin", Big);
    }

    [Theory]
    [InlineData("file simple.html", "simple"), InlineData("file /simple.html", null), InlineData("file sub", "sub index"), InlineData("file sub/", "sub index")]
    [InlineData("file .", "index"), InlineData("file späce name.txt", "a name with a space"), InlineData("file sub/../simple.html", "simple")]
    [InlineData("file two.txt", "line\r\nline\n"), InlineData("file inner.txt", "simple"), InlineData("file empty.txt", "")]
    [InlineData("file nope.txt", null), InlineData("file ../outside.txt", null), InlineData("file ../public-sibling/leak.txt", null)]
    [InlineData("file link.txt", null), InlineData("file way/outside.txt", null), InlineData("file ..", null), InlineData("file /etc/hostname", null)]
    [InlineData("file sub/../../outside.txt", null), InlineData("file simple.html/x", null), InlineData("file simple.html\0", null)]
    [InlineData("file pipe", null), InlineData("file socket", null), InlineData("file .hidden", null)]
    [InlineData("file ~", null), InlineData("file SIMPLE.HTML", null), InlineData("file %2e%2e/outside.txt", null)]
    public async Task SendsWhatLiesInThePublicFolder_AndNothingElse(string line, string? content)
    {
        await using var client = await _shared.ConnectAsync();
        await client.LineAsync(line);
        if (content is null)
        {
            await client.ExpectAsync(Wire.Error(1, NotFound));
        }
        else if (content.Length > 0)
        {
            Encoding.UTF8.GetString(await client.ReadBytesAsync(content.Length)).ShouldBe(content);
        }

        await client.ExpectAsync("paramDelete file", Wire.Ok(2));
    }

    [Fact]
    public async Task SendsAnAbsoluteNameInsideThePublicFolder()
    {
        await using var client = await _shared.ConnectAsync();
        await client.LineAsync($"file {_shared.Host.Public}/simple.html");

        (await client.ReadBytesAsync(6)).ShouldBe("simple"u8.ToArray());
    }

    [Fact]
    public async Task RefusesNamesThatNoSystemTakes()
    {
        await using var client = await _shared.ConnectAsync();

        await client.ExpectAsync($"file {new string('x', 300)}", Wire.Error(1, NotFound));
        await client.ExpectAsync($"file {string.Concat(Enumerable.Repeat("x/", 5000))}", Wire.Error(2, NotFound));
        await client.ExpectAsync($"file {string.Concat(Enumerable.Repeat("../", 5000))}etc/hostname", Wire.Error(3, NotFound));
        await client.ExpectAsync("""{"params":{"file":"x\u0000y"}}""", Wire.Error(4, Wire.Unknown));
        await client.ExpectAsync("file", Wire.Error(5, NotFound));
    }

    [Fact]
    public async Task MakesTheNameStick()
    {
        await using var client = await _shared.ConnectAsync();
        await client.SendAsync("file simple.html\nfile\nparamAdd file=two.txt\nfile\n");
        (await client.ReadBytesAsync(12)).ShouldBe("simplesimple"u8.ToArray());
        await client.ExpectAsync(Wire.Ok(3));
        (await client.ReadBytesAsync(11)).ShouldBe("line\r\nline\n"u8.ToArray());

        await client.ExpectAsync("""{"params":{"file":"späce name.txt"}}""", Wire.Error(5, Wire.Unknown));
        await client.SendAsync("file\n");
        (await client.ReadBytesAsync(19)).ShouldBe("a name with a space"u8.ToArray());
    }

    [Fact]
    public async Task TellsWhatIsWrong_WithIds()
    {
        await using var client = await _shared.ConnectAsync();
        await client.ExpectAsync("file", Wire.Error(1, "file is a required param to send a file"));
        await client.ExpectAsync("paramAdd messageId=f1", Wire.Ok(2));
        await client.ExpectAsync("file nope.txt", Wire.Error(3, NotFound, "\"f1\""));
        await client.ExpectAsync("""{"params":{"file":5}}""", Wire.Error(4, Wire.Unknown, "\"f1\""));
        await client.ExpectAsync("file", Wire.Error(5, NotFound));
        await client.ExpectAsync("""{"params":{"file":{"a":1}}}""", Wire.Error(6, Wire.Unknown));
        await client.ExpectAsync("file", Wire.Error(7, NotFound));
        await client.ExpectAsync("""{"params":{"file":""}}""", Wire.Error(8, Wire.Unknown));
        await client.ExpectAsync("file ", Wire.Error(9, "file is a required param to send a file"));
    }

    [Fact]
    public async Task TellsOfAFileThatCannotBeOpened()
    {
        // Whoever may read everything cannot be refused.
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess, "needs a user that is not root");
        var path = _shared.Host.Folder.Write("public/locked.txt", "locked");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        await using var client = await _shared.ConnectAsync();

        (await client.AskJsonAsync("file locked.txt")).Text("error")!.ShouldStartWith("error reading file: ");
    }

    [Fact]
    public async Task SendsTwoFilesAndTheAnswersBetween_OneAfterTheOther()
    {
        await using var client = await _shared.ConnectAsync();
        await client.SendAsync("file big.bin\nparamsView\nfile simple.html\nrandomNumber\n");

        (await client.ReadBytesAsync(Big.Length)).AsSpan().SequenceEqual(Big).ShouldBeTrue();
        await client.ExpectAsync(Wire.Ok(2, """{"file":"big.bin"}"""));
        (await client.ReadBytesAsync(6)).ShouldBe("simple"u8.ToArray());
        await client.ExpectAsync(Wire.Answer(4, "\"value\":0.5"));
    }

    [Fact]
    public async Task KeepsWhatOthersSayOutOfAFile()
    {
        await using var client = await _shared.ConnectAsync();
        await client.ExpectAsync("roomAdd defaultRoom", Wire.Ok(1, "true"));
        await client.LineAsync("file big.bin");
        var first = await client.ReadBytesAsync(1000);
        for (var i = 0; i < 20; i++)
        {
            await _shared.Host.Rooms.SayAsync("defaultRoom", $"number {i}");
        }

        var all = first.Concat(await client.ReadBytesAsync(Big.Length - 1000)).ToArray();
        all.AsSpan().SequenceEqual(Big).ShouldBeTrue();
        for (var i = 0; i < 20; i++)
        {
            (await client.ReadJsonAsync()).Text("message").ShouldBe($"number {i}");
        }
    }

    [Fact]
    public async Task SendsAFileForAnAction_WithoutAnAnswerAndWithoutATrace()
    {
        await using var client = await _shared.ConnectAsync();
        await client.LineAsync("""{"action":"sendFile","params":{"name":"simple.html"}}""");
        (await client.ReadBytesAsync(6)).ShouldBe("simple"u8.ToArray());

        await client.ExpectAsync("paramsView", Wire.Ok(2, """{"name":"simple.html","action":"sendFile"}"""));
        await client.ExpectAsync("""{"action":"sendFile","params":{"name":"nope"}}""", Wire.Error(3, NotFound));
        (await client.AskJsonAsync("detailsView")).Text("data", "pendingActions").ShouldBe("0");
    }

    [Fact]
    public async Task SendsFilesOfRunningActions_EachWhole()
    {
        await using var client = await _shared.ConnectAsync();
        foreach (var gate in (string[])["file-1", "file-2"])
        {
            await client.LineAsync($$$"""{"action":"sendFileLater","params":{"gate":"{{{gate}}}","name":"big.bin"}}""");
            await _shared.Host.Gate(gate).Entered.WithinLimit();
        }

        _shared.Host.Gate("file-1").Open();
        _shared.Host.Gate("file-2").Open();
        await client.LineAsync("quit");

        (await client.ReadBytesAsync(Big.Length)).AsSpan().SequenceEqual(Big).ShouldBeTrue();
        (await client.ReadBytesAsync(Big.Length)).AsSpan().SequenceEqual(Big).ShouldBeTrue();
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task FinishesAFile_AfterTheClientsEnd()
    {
        await using var client = await _shared.ConnectAsync();
        await client.LineAsync("file big.bin");
        await client.HalfCloseAsync();

        (await client.ReadBytesAsync(Big.Length)).AsSpan().SequenceEqual(Big).ShouldBeTrue();
        await client.ExpectGoodbyeAsync();
    }

    [Fact]
    public async Task SendsAHugeFile_WithoutKeepingIt_AndStopsWhenTheClientGoes()
    {
        await using var host = await SocketHost.StartAsync();
        await using (var file = File.Create(host.Folder["public/huge.bin"]))
        {
            file.SetLength(8L << 30);
        }

        var client = await host.ConnectAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await client.LineAsync("file huge.bin");
        var block = new byte[1 << 20];
        for (var i = 0; i < 400; i++)
        {
            await client.Stream.ReadExactlyAsync(block).WithinLimit();
        }

        // 400 MiB have come; what other tests do meanwhile counts too.
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(128 << 20);
        client.Reset();
        await host.WaitForConnectionsAsync(0);
        (await host.Logs.WaitForAsync(entry => entry.Message.Contains("huge.bin", StringComparison.Ordinal), Within.Limit)).GetStructuredStateValue("Success").ShouldBe("False");
    }
}
