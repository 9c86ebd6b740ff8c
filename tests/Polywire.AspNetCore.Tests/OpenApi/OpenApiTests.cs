using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using Microsoft.OpenApi.Reader;
using Polywire.AspNetCore.Tests.Http;
using Polywire.AspNetCore.Tests.Http.Files;
using Shouldly;
using Xunit;

namespace Polywire.AspNetCore.Tests.OpenApi;

/// <summary>The document, as a client gets it, read by somebody else's reader and by hand.</summary>
public sealed class OpenApiTests(OpenApiTests.Shared shared) : IClassFixture<OpenApiTests.Shared>
{
    private JsonNode Document => shared.Document;

    [Fact]
    public void AnIndependentReaderFindsNothingWrong()
    {
        var result = OpenApiDocument.Parse(shared.Answer.Text, "json", new OpenApiReaderSettings { RuleSet = ValidationRuleSet.GetDefaultRuleSet() });

        result.Diagnostic!.Errors.ShouldBeEmpty();
        result.Diagnostic.Warnings.ShouldBeEmpty();
        result.Diagnostic.SpecificationVersion.ShouldBe(OpenApiSpecVersion.OpenApi3_1);
        var document = result.Document!;
        document.Info.Title.ShouldBe("polywire");
        var transfer = document.Paths["/api/accounts/{from}/transfers"].Operations![HttpMethod.Post];
        transfer.OperationId.ShouldBe("openTransfer");
        transfer.RequestBody!.Content!["application/json"].Schema!.Properties!["amount"].Maximum.ShouldBe("1000");
        var answer = transfer.Responses!["200"].Content!["application/json"].Schema!.AllOf!;
        answer[0].Properties!.Keys.ShouldBe(["id", "balance"]);
    }

    [Fact]
    public void EveryReferenceLeadsSomewhere()
    {
        var references = new List<string>();
        Collect(Document, references);

        references.ShouldNotBeEmpty();
        foreach (var reference in references)
        {
            var node = Document;
            foreach (var step in reference.TrimStart('#', '/').Split('/'))
            {
                node = node is JsonArray array ? array[int.Parse(step)] : node![step.Replace("~1", "/").Replace("~0", "~")];
                node.ShouldNotBeNull(reference);
            }
        }
    }

    [Fact]
    public void AnAnswersNumbersAreNumbers_AndAnErrorIsATextOrAnObject()
    {
        var answers = Document["components"]!["schemas"]!.AsObject().Where(schema => schema.Key.Contains(".v", StringComparison.Ordinal)).ToList();
        answers.Count.ShouldBeGreaterThan(3);
        foreach (var (name, schema) in answers)
        {
            schema!.ToJsonString().ShouldNotContain("\"string\",\"number\"", Case.Sensitive, name);
            schema.ToJsonString().ShouldNotContain("\"string\",\"integer\"", Case.Sensitive, name);
        }

        Document["components"]!["schemas"]!["openTransfer.v1"]!["properties"]!["balance"].ShouldBeJson("""{"type":"number"}""");
        Document["components"]!["schemas"]!["Error"]!["properties"]!["error"]!["anyOf"]
            .ShouldBeJson("""[{"type":"string"},{"type":"object","additionalProperties":true}]""");
    }

    [Fact]
    public void DescribesABodyAndAPath()
    {
        Document["openapi"]!.GetValue<string>().ShouldBe("3.1.1");
        var operation = Operation("/api/accounts/{from}/transfers", "post");

        operation["summary"]!.GetValue<string>().ShouldBe("Moves money between two accounts.");
        operation["parameters"].ShouldBeJson(
            """[{"name":"from","in":"path","required":true,"description":"Who pays.","schema":{"type":"string","minLength":1}}]""");
        operation["requestBody"].ShouldBeJson(
            """
            {"required":true,"content":{"application/json":{"schema":{
              "type":"object",
              "properties":{
                "to":{"type":"string","minLength":1},
                "amount":{"type":"integer","description":"How much.","minimum":1,"maximum":1000},
                "currency":{"type":"string","default":"EUR"},
                "pin":{"type":"string","writeOnly":true}},
              "required":["to","amount"]}}}}
            """);
        ((JsonObject)operation["responses"]!).Select(pair => pair.Key).ShouldBe(["200", "401", "403", "default"]);
        Document["paths"]!["/api/openTransfer"].ShouldBeNull();
    }

    [Fact]
    public void DescribesAQuery()
    {
        var operation = Operation("/api/search/{term}/limit/{limit}", "get");

        operation["parameters"].ShouldBeJson(
            """
            [{"name":"term","in":"path","required":true,"schema":{"type":"string","minLength":1,"pattern":"^[a-z]+$"}},
             {"name":"limit","in":"path","required":true,"schema":{"type":"integer","format":"int32"}},
             {"name":"tags","in":"query","schema":{"type":"array","items":{"type":"string"}}},
             {"name":"near","in":"query","style":"deepObject","explode":true,"schema":{
               "type":"object","properties":{"north":{"type":"number"},"east":{"type":"number"}},"required":["north"]}}]
            """,
            ignore: ["format"]);
        operation["requestBody"].ShouldBeNull();
    }

    [Fact]
    public void DescribesAnAnswerThatHoldsItself()
    {
        var answer = Operation("/api/search/{term}/limit/{limit}", "get")["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["allOf"]!;

        answer[0]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/openFind.v1");
        answer[1]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/Envelope");
        var schema = Document["components"]!["schemas"]!["openFind.v1"]!["properties"]!;
        schema["parent"]!["properties"]!["children"]!["items"]!["$ref"]!.GetValue<string>().ShouldBe("#/components/schemas/openFind.v1");
        schema["anything"]!.GetValueKind().ShouldBe(System.Text.Json.JsonValueKind.Object);
    }

    [Fact]
    public void DescribesVersionsOfOnePathTogether()
    {
        var operation = Operation("/api/openVersioned", "post");
        var body = operation["requestBody"]!["content"]!["application/json"]!["schema"]!;

        operation["summary"]!.GetValue<string>().ShouldBe("The second version.");
        ((JsonObject)body["properties"]!).Select(pair => pair.Key).ShouldBe(["both", "onlyTwo", "onlyOne"]);
        body["required"].ShouldBeJson("""["both"]""");
        operation["parameters"].ShouldBeJson(
            """[{"name":"apiVersion","in":"query","description":"Which version of the action runs.","schema":{"type":"string","enum":["2","1"],"default":"2"}}]""");
        ((JsonArray)operation["responses"]!["200"]!["content"]!["application/json"]!["schema"]!["anyOf"]!).Count.ShouldBe(2);
        Operation("/api/openVersioned", "get")["operationId"]!.GetValue<string>().ShouldBe("openVersioned_get");
        operation["operationId"]!.GetValue<string>().ShouldBe("openVersioned_post");
    }

    [Fact]
    public void DescribesTheVersionOfARoute()
    {
        var operation = Operation("/api/old/{both}", "put");

        operation["summary"]!.GetValue<string>().ShouldBe("The first version.");
        operation["parameters"].ShouldBeJson("""[{"name":"both","in":"path","required":true,"schema":{"type":"string","minLength":1}}]""");
    }

    [Fact]
    public void NamesOfVariablesDoNotMakeAPathAnother()
    {
        var paths = ((JsonObject)Document["paths"]!).Select(pair => pair.Key).Where(path => path.StartsWith("/api/old/")).ToList();

        paths.ShouldBe(["/api/old/{both}"]);
        Operation("/api/old/{both}", "delete")["parameters"]![0]!["name"]!.GetValue<string>().ShouldBe("both");
    }

    [Fact]
    public void DescribesATail()
    {
        var parameter = Operation("/api/tail/v{version}/{rest}", "get")["parameters"]!;

        parameter[0]!["name"]!.GetValue<string>().ShouldBe("version");
        parameter[1]!["description"]!.GetValue<string>().ShouldBe("May have slashes in it.");
    }

    [Fact]
    public void AnAnswerOfAnyKindIsOne()
    {
        var operation = Operation("/api/open: odd/%7Bx%7D", "get");

        operation["responses"]!["200"]!["content"].ShouldBeJson("""{"*/*":{}}""");
        operation["requestBody"].ShouldBeNull();
    }

    [Fact]
    public void LeavesOutWhatTheWebMayNotRunAndWhatIsNotDocumented()
    {
        shared.Answer.Text.ShouldNotContain("openElsewhere");
        shared.Answer.Text.ShouldNotContain("openHidden");
    }

    [Fact]
    public void OperationsHaveIdsOfTheirOwn()
    {
        var ids = ((JsonObject)Document["paths"]!).SelectMany(path => (JsonObject)path.Value!).Select(pair => pair.Value!["operationId"]!.GetValue<string>()).ToList();

        ids.ShouldBeUnique();
    }

    [Fact]
    public async Task IsAnsweredLikeAnyOtherAddress()
    {
        var answer = shared.Answer;

        (answer.Status, answer["content-type"], answer["access-control-allow-origin"]).ShouldBe((200, "application/json; charset=utf-8", "*"));
        var head = await shared.Host.SendAsync("HEAD", "/docs/openapi.json");
        (head.Status, head["content-length"], head.Body.Length).ShouldBe((200, answer["content-length"], 0));
    }

    [Fact]
    public async Task IsNotThereWhereNoPathIsSet()
    {
        await using var host = await FileHost.StartAsync();

        (await host.GetAsync("/openapi.json")).Status.ShouldBe(404);
    }

    [Fact]
    public async Task TheApplicationHasTheLastWord()
    {
        await using var host = await FileHost.StartAsync(
            web => web.OpenApiPath = "/openapi.json",
            more: (_, polywire) => polywire.ConfigureOpenApi(document => document["info"]!["title"] = "Bank"));

        JsonNode.Parse((await host.GetAsync("/openapi.json")).Text)!["info"]!["title"]!.GetValue<string>().ShouldBe("Bank");
    }

    [Fact]
    public async Task ShowsARouteThatCameLater()
    {
        await using var host = await FileHost.StartAsync(
            web => web.OpenApiPath = "/openapi.json",
            more: (_, polywire) =>
            {
                polywire.AddRoutes(_ => { });
                polywire.MapAction<Nothing, Nothing>("late", _ => new Nothing());
            });
        var before = JsonNode.Parse((await host.GetAsync("/openapi.json")).Text)!["paths"]!;

        host.Services.GetRequiredService<WebRoutes>().Get("/later/than/that", "late");
        var after = JsonNode.Parse((await host.GetAsync("/openapi.json")).Text)!["paths"]!;

        before["/api/later/than/that"].ShouldBeNull();
        after["/api/later/than/that"]!["get"].ShouldNotBeNull();
    }

    private static void Collect(JsonNode? node, List<string> references)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    if (name == "$ref" && value is JsonValue)
                    {
                        references.Add(value.GetValue<string>());
                    }

                    Collect(value, references);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Collect(item, references);
                }

                break;
        }
    }

    private JsonNode Operation(string path, string method) => Document["paths"]![path].ShouldNotBeNull(path)[method].ShouldNotBeNull(method);

    internal sealed record Nothing;

    public sealed class Shared : IAsyncLifetime
    {
        internal FileHost Host { get; private set; } = null!;

        internal RawAnswer Answer { get; private set; } = null!;

        internal JsonNode Document { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Host = await FileHost.StartAsync(
                web => web.OpenApiPath = "/docs/openapi.json",
                more: (builder, polywire) =>
                {
                    builder.Services.AddAuthorization();
                    polywire.AddActions().AddRoutes(routes => routes
                        .Put("/old/:both", "openVersioned", apiVersion: "1")
                        .Delete("/old/{other}", "openVersioned", apiVersion: "1")
                        .Get("/tail/v:version/{*rest}", "openTail"));
                    polywire.MapAction<Nothing, Nothing>("openHidden", _ => new Nothing()).Undocumented();
                    polywire.MapAction<Nothing, string[]>("openTail", _ => []);
                });
            Answer = await Host.GetAsync("/docs/openapi.json");
            Document = JsonNode.Parse(Answer.Text)!;
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
