using System.Text;
using System.Text.Json;
using Polywire.Doors;
using Polywire.Params;

namespace Polywire.AspNetCore.Tests.Http.Params;

/// <summary>Shows a set of params as one JSON object, in their order.</summary>
internal static class ParamText
{
    public static string Of(ParamSet set)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 1000,
        }))
        {
            ConnectionDetails.WriteParams(writer, set);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
