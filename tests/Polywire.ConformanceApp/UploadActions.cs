using System.Security.Cryptography;

namespace Polywire.ConformanceApp;

/// <summary>Actions that look at what was uploaded or sent raw.</summary>
internal static class UploadActions
{
    private static readonly string[] Inputs = ["file1", "file2", "key1", "key2"];

    public static void Map(WebApplication app)
    {
        app.MapDynamicAction("uploader", inputs => Array.ForEach(Inputs, name => inputs.Optional(name)), async (context, cancellationToken) =>
        {
            foreach (var name in Inputs)
            {
                if (context.Params.TryGet(name, out var value))
                {
                    context.Response[name] = value is UploadedFile file ? await DescribeAsync(file, cancellationToken) : value;
                }
            }
        }).WithDescription("Tells of uploads").MatchExtensionMimeType(false);

        app.MapDynamicAction("rawBody", _ => { }, (context, _) =>
        {
            var raw = context.Http?.RawBody ?? default;
            context.Response["length"] = raw.Length;
            context.Response["sha256"] = Convert.ToHexStringLower(SHA256.HashData(raw.Span));
            context.Response["query"] = context.Http?.Query.ToDictionary();
            context.Response["body"] = context.Http?.Body;
            return Task.CompletedTask;
        }).WithDescription("Tells of the bytes that were sent").MatchExtensionMimeType(false);
    }

    private static async Task<Dictionary<string, object?>> DescribeAsync(UploadedFile file, CancellationToken cancellationToken) => new()
    {
        ["name"] = file.Name,
        ["size"] = file.Length,
        ["type"] = file.ContentType,
        ["sha256"] = Convert.ToHexStringLower(await file.ComputeSha256Async(cancellationToken)),
    };
}
