using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>Every whole program of the guide starts and answers.</summary>
public sealed class ProgramTests
{
    // What each is asked, and what stands in its answer, the status included. One line for a program.
    private static readonly Dictionary<string, (string Path, string Answer)[]> Asked = new(StringComparer.Ordinal)
    {
        ["README"] = [("/api/add?a=2&b=3", "\"result\": 5")],
        ["first-action"] = [("/api/nothing", "unknown action or invalid apiVersion")],
        ["security"] = [("/api/me", "401")],
        ["websockets"] = [("/primus", "")],
        ["http-context"] =
        [
            ("/api/me", "401"), ("POST /api/login {\"name\":\"ada\",\"password\":\"no\"}", "wrong name or password"),
            ("POST /api/login {\"name\":\"ada\",\"password\":\"open sesame\"}", "ada"), ("/api/me", "ada"),
        ],
        ["databases"] =
        [
            ("POST /api/orders {\"item\":\"book\",\"count\":2}", "\"id\": 1"), ("/api/orders/1", "\"item\": \"book\""), ("/api/orders/2", "there is no such order"),
        ],
        ["from-signalr"] = [("POST /api/priceSet {\"symbol\":\"ACME\",\"last\":12.5}", "\"told\": true"), ("/public/javascript/polywireClient.mjs", "PolywireClient")],
        ["from-minimal-apis"] = [("/health", "well"), ("POST /api/todos {\"title\":\"read\"}", "\"title\": \"read\""), ("/api/todos", "\"id\": 1")],
        ["watching"] = [("/health", "Healthy")],
    };

    public static TheoryData<string, int> Programs
    {
        get
        {
            var programs = new TheoryData<string, int>();
            foreach (var page in GuidePage.Files.Select(GuidePage.Read))
            {
                var index = 0;
                foreach (var _ in page.In("csharp").Where(block => block.IsProgram))
                {
                    programs.Add(page.File, index++);
                }
            }

            return programs;
        }
    }

    [Fact]
    public async Task ATokenOpensAWebSocket_AndNoneDoesNot()
    {
        await using var program = await RunningProgram.StartAsync(GuidePage.Read("docs/guide/security.md").In("csharp").Single(block => block.IsProgram));
        var token = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = "shop",
            Audience = "shop",
            Subject = new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")]),
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Encoding.UTF8.GetBytes(RunningProgram.JwtKey)), SecurityAlgorithms.HmacSha256),
        });

        (await AskOverWebSocketAsync(program, $"?token={token}")).ShouldContain("\"name\":\"ada\"");
        (await AskOverWebSocketAsync(program, "")).ShouldContain("unauthorized");
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public async Task EveryProgramStartsAndAnswers(string file, int index)
    {
        var page = GuidePage.Read(file);
        await using var program = await RunningProgram.StartAsync(page.In("csharp").Where(block => block.IsProgram).ElementAt(index));

        Asked.ShouldContainKey(index == 0 ? page.Name : $"{page.Name}#{index + 1}");
        foreach (var (path, answer) in Asked[index == 0 ? page.Name : $"{page.Name}#{index + 1}"])
        {
            // METHOD /path BODY, or a path alone.
            var parts = path.Split(' ', 3);
            using var request = parts.Length == 1 ? new HttpRequestMessage(HttpMethod.Get, path) : new HttpRequestMessage(new HttpMethod(parts[0]), parts[1]);
            if (parts.Length == 3)
            {
                request.Content = new StringContent(parts[2], Encoding.UTF8, "application/json");
            }

            using var response = await program.Client.SendAsync(request, TestContext.Current.CancellationToken);
            $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}".ShouldContain(answer, Case.Sensitive, $"{page.File}: {path}");
        }
    }

    // The first message that answers, of whatever comes before it.
    private static async Task<string> AskOverWebSocketAsync(RunningProgram program, string query)
    {
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri($"ws://{program.Client.BaseAddress!.Authority}/primus{query}"), CancellationToken.None).WithinLimit();
        await socket.SendAsync("""{"event":"action","params":{"action":"me"},"messageId":1}"""u8.ToArray().AsMemory(), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None).WithinLimit();
            var text = Encoding.UTF8.GetString(buffer, 0, received.Count);
            if (received.MessageType == WebSocketMessageType.Close || text.Contains("\"messageId\":1", StringComparison.Ordinal))
            {
                return text;
            }
        }
    }
}
