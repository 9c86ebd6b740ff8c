using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;

namespace Polywire.AotCheck;

internal sealed record AddInput(int A, int B);

internal sealed record AddOutput(int Sum);

internal sealed record AddName(string Name);

internal sealed record Nothing;

internal sealed record Pushed(string What);

/// <summary>Greets somebody.</summary>
[Action("greet", Version = 2)]
internal sealed class Greet(TimeProvider time) : IAction<Greet.Input, Greet.Output>
{
    public sealed record Input
    {
        public required string Name { get; init; }

        [Range(1, 5)]
        public int Times { get; init; } = 1;

        [Secret]
        public string? Pin { get; init; }

        [JsonIgnore]
        public bool IsAdmin { get; init; }
    }

    public sealed record Output(string Greeting, bool IsAdmin);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(time is null ? "" : string.Join(' ', Enumerable.Repeat($"Hello {input.Name}", input.Times)), input.IsAdmin));
}

[Action("greet", Version = 1)]
internal sealed class GreetOnce : IAction<AddName, Greet.Output>
{
    public ValueTask<Greet.Output> RunAsync(AddName input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Greet.Output("Hi " + input.Name, false));
}

internal enum Colour
{
    Red,
    Green,
}

[Action("kinds")]
internal sealed class Kinds : IAction<Kinds.Input, Kinds.Output>
{
    public sealed record Input(
        int Number = 1, DateOnly? Day = null, TimeSpan? Span = null, Colour Colour = Colour.Green, Guid? Id = null, string[]? Tags = null);

    public sealed record Output(string Seen);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output($"{input.Number} {input.Day:O} {input.Span} {input.Colour} {input.Id} {string.Join('+', input.Tags ?? [])}"));
}

[Action("nested")]
internal sealed class Nested : IAction<Nested.Input, Nested.Output>
{
    public sealed record Line(decimal Amount, string? Note = "none");

    public sealed class Tags : List<string>;

    public sealed record Page<T>
        where T : class
    {
        public T? Item { get; init; }

        public int Number { get; init; } = 7;
    }

    public sealed record Input(Line[] Lines, Dictionary<string, Line> Table, JsonElement? Any, Tags Tags)
    {
        public Page<string> Page { get; init; } = new();
    }

    public sealed record Output(Line[] Lines, int Entries, JsonElement? Any, string[] Tags, int Page);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(input.Lines, input.Table.Count, input.Any, [.. input.Tags], input.Page.Number));
}

internal sealed class Lower : IInputFormatter<string>, IInputValidator<string>
{
    public static string Format(string value) => value.ToLowerInvariant();

    public static string? Validate(string value, string name) => value.Length < 5 ? null : $"{name} is too long";
}

[Action("checked")]
internal sealed class Checked : IAction<Checked.Input, AddName>
{
    public sealed record Input([property: Format<Lower>, Validate<Lower>, RegularExpression("[a-z]+")] string Code, [property: EmailAddress] string Mail)
        : IValidatableInput
    {
        public ValueTask<string?> ValidateAsync(ActionContext context) => new(Code == Mail ? "they are the same" : null);
    }

    public ValueTask<AddName> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) => new(new AddName(input.Code));
}

[Action("cached")]
internal sealed class Cached(ICache cache) : IAction<Cached.Input, Cached.Output>
{
    public sealed record Input(string Key, int Value);

    public sealed record Output(int Loaded);

    public async ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken)
    {
        await cache.SaveAsync(input.Key, new AddOutput(input.Value), cancellationToken: cancellationToken);
        var entry = await cache.LoadAsync<AddOutput>(input.Key, cancellationToken: cancellationToken);
        return new Output(entry?.Value.Sum ?? -1);
    }
}

[Action("upload")]
internal sealed class Upload : IAction<Upload.Input, Upload.Output>
{
    public sealed record Input(UploadedFile Picture);

    public sealed record Output(string Name, long Length, string? Type);

    public ValueTask<Output> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        new(new Output(input.Picture.Name, input.Picture.Length, input.Picture.ContentType));
}

[Action("text")]
internal sealed class Text : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(ActionResult.Text("plain"));
}

[Action("bytes")]
internal sealed class Bytes : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(ActionResult.Bytes("bytes"u8.ToArray()));
}

[Action("stream")]
internal sealed class Streamed : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) =>
        new(ActionResult.Stream(new MemoryStream("streamed"u8.ToArray())));
}

[Action("aFile")]
internal sealed class AFile : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(ActionResult.File("page.html"));
}

[Action("none")]
internal sealed class None : IAction<Nothing, ActionResult>
{
    public ValueTask<ActionResult> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(ActionResult.None);
}

[Action("fails")]
internal sealed class Fails : IAction<Fails.Input, AddName>
{
    public sealed record Input(string? How);

    public ValueTask<AddName> RunAsync(Input input, ActionContext context, CancellationToken cancellationToken) =>
        throw (input.How is null ? new InvalidOperationException("hidden") : new ActionException("told") { Status = ActionStatus.Conflict, Value = new AddName("why") });
}

[Action("limited"), RateLimit("once")]
internal sealed class Limited : IAction<Nothing, AddName>
{
    public ValueTask<AddName> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new AddName("let in"));
}

[Action("staff"), Authorize("staff")]
internal sealed class Staff : IAction<Nothing, AddName>
{
    public ValueTask<AddName> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken) => new(new AddName("let in"));
}

[Action("push"), Use<Around>, PreProcess<Before>, PostProcess<After>, Timeout("00:00:10"), LogAs(LogLevel.Debug)]
internal sealed class Push : IAction<Nothing, AddName>
{
    public async ValueTask<AddName> RunAsync(Nothing input, ActionContext context, CancellationToken cancellationToken)
    {
        await context.Connection.SendAsync(new Pushed("now"), cancellationToken);
        return new AddName("pushed");
    }
}

internal sealed class Around : IActionMiddleware
{
    public ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context);
}

internal sealed class Before : IPreProcessor
{
    public ValueTask PreProcessAsync(ActionContext context)
    {
        context.Response["before"] = true;
        return default;
    }
}

internal sealed class After : IPostProcessor
{
    public ValueTask PostProcessAsync(ActionContext context)
    {
        context.Response["after"] = true;
        return default;
    }
}

internal sealed class Stamp : IActionMiddleware
{
    public async ValueTask InvokeAsync(ActionContext context, ActionDelegate next)
    {
        await next(context);
        context.Response["stamped"] = true;
    }
}

internal sealed class Announcer : IRoomMiddleware
{
}

internal sealed class NobodyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, System.Text.Encodings.Web.UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(AuthenticateResult.NoResult());
}

[JsonSerializable(typeof(AddInput))]
[JsonSerializable(typeof(AddOutput))]
[JsonSerializable(typeof(AddName))]
[JsonSerializable(typeof(Pushed))]
[JsonSerializable(typeof(Greet.Output), TypeInfoPropertyName = "GreetOutput")]
[JsonSerializable(typeof(Kinds.Output), TypeInfoPropertyName = "KindsOutput")]
[JsonSerializable(typeof(Nested.Output), TypeInfoPropertyName = "NestedOutput")]
[JsonSerializable(typeof(Cached.Output), TypeInfoPropertyName = "CachedOutput")]
[JsonSerializable(typeof(Upload.Output), TypeInfoPropertyName = "UploadOutput")]
[JsonSerializable(typeof(Twice.Input), TypeInfoPropertyName = "TwiceInput")]
[JsonSerializable(typeof(Twice.Output), TypeInfoPropertyName = "TwiceOutput")]
[JsonSerializable(typeof(JsonElement))]
[JsonSerializable(typeof(int))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class CheckJson : JsonSerializerContext;
