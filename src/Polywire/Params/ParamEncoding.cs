using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polywire.Json;

namespace Polywire.Params;

/// <summary>Turns values that code has put among the params into the bytes that the binding of inputs reads.</summary>
[Experimental("PWX0001")]
public static class ParamEncoding
{
    /// <summary>Encodes a value: a text, a number, a boolean, JSON, an upload, or null.</summary>
    /// <exception cref="NotSupportedException">The value is of a type that params cannot hold.</exception>
    public static ParamValue Encode(object? value) =>
        value switch
        {
            null => Json("null"),
            string text => new ParamValue(Encoding.UTF8.GetBytes(text), ParamKind.Text),
            bool flag => Json(flag ? "true" : "false"),
            double number => Json(number.ToString("R", CultureInfo.InvariantCulture)),
            float number => Json(number.ToString("R", CultureInfo.InvariantCulture)),
            byte or sbyte or short or ushort or int or uint or long or ulong or decimal =>
                Json(((IFormattable)value).ToString(null, CultureInfo.InvariantCulture)),
            UploadedFile file => Upload(file, file),
            IReadOnlyList<UploadedFile> files => Upload(files, [.. files]),
            JsonElement element => Json(element.GetRawText()),
            JsonNode node => Json(node.ToJsonString()),
            Guid or DateTimeOffset or DateTime or DateOnly or TimeOnly or TimeSpan or Uri => Text(value),
            Enum => Text(value),
            _ => throw new NotSupportedException(
                $"A param cannot be set to a {value.GetType()}: take a text, a number, a boolean, an UploadedFile, a JsonElement or a JsonNode."),
        };

    /// <summary>Writes uploaded files as JSON, one object for each, without a list around them: their names, sizes and types.</summary>
    public static byte[] Describe(params ReadOnlySpan<UploadedFile> files) => Describe(files, isList: false);

    /// <summary>Writes uploaded files as JSON: their names, sizes and types.</summary>
    public static byte[] Describe(ReadOnlySpan<UploadedFile> files, bool isList)
    {
        using var buffer = ResponseBuffer.Rent();
        if (isList)
        {
            buffer.Writer.WriteStartArray();
        }

        foreach (var file in files)
        {
            UploadedFileConverter.WriteTo(buffer.Writer, file);
        }

        if (isList)
        {
            buffer.Writer.WriteEndArray();
        }

        buffer.Writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private static ParamValue Upload(object upload, params ReadOnlySpan<UploadedFile> files) =>
        new(Describe(files, upload is not UploadedFile), ParamKind.File, upload);

    private static ParamValue Json(string json) => new(Encoding.UTF8.GetBytes(json), ParamKind.Json);

    private static ParamValue Text(object value) =>
        new(
            Encoding.UTF8.GetBytes(value switch
            {
                DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
                DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
                IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
                _ => value.ToString()!,
            }),
            ParamKind.Text);
}
