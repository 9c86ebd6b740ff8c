using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Reads a multipart form: fields into memory, files to disk as they come.</summary>
/// <remarks>Source: docs/protocol/http.md, "Multipart". The framework's reader finds the parts; limits and meanings are ours.</remarks>
internal sealed class MultipartBodyReader(long maxFieldsSize, long maxFileSize, bool multiples)
{
    private const int MaxParts = 1000;
    private const int MaxPartHeaders = 32;
    private const int MaxPartHeaderBytes = 16 * 1024;
    private const int MaxBoundary = 200;

    /// <summary>Bytes that are copied to disk at once.</summary>
    public const int CopyBytes = 64 * 1024;
    private const string DefaultType = "application/octet-stream";

    /// <summary>The boundary that a content type names; null if there is none or it is absurd.</summary>
    /// <remarks>Whatever stands before it, and with characters that ought to be quoted: programs that send mail write both.</remarks>
    public static string? FindBoundary(string contentType)
    {
        const string Name = "boundary=";
        var at = contentType.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        if (at < 0)
        {
            return null;
        }

        var rest = contentType.AsSpan(at + Name.Length);
        var isQuoted = rest is ['"', ..];
        rest = isQuoted ? rest[1..] : rest;
        var end = rest.IndexOf(isQuoted ? '"' : ';');
        if (end < 0 && isQuoted)
        {
            return null;
        }

        var boundary = end < 0 ? rest : rest[..end];
        boundary = isQuoted ? boundary : boundary.Trim();
        return boundary.Length is > 0 and <= MaxBoundary ? boundary.ToString() : null;
    }

    /// <summary>Reads the parts of a body into <paramref name="received"/>, files first.</summary>
    /// <exception cref="IOException">The body ends before its form does, or the connection broke.</exception>
    /// <exception cref="InvalidDataException">A part's headers are too many or too long.</exception>
    /// <exception cref="FormatException">A part says base64 and is not.</exception>
    public async ValueTask<HttpBodyProblem> ReadAsync(
        string boundary, Stream body, HttpParams received, UploadSpool spool, CancellationToken cancellationToken)
    {
        var reader = new MultipartReader(boundary, body, CopyBytes)
        {
            HeadersCountLimit = MaxPartHeaders,
            HeadersLengthLimit = MaxPartHeaderBytes,
        };
        var fields = new OrderedDictionary<string, byte[]>(StringComparer.Ordinal);
        var files = new OrderedDictionary<string, List<UploadedFile>>(StringComparer.Ordinal);
        var fieldsQuota = new UploadQuota(maxFieldsSize);
        var filesQuota = new UploadQuota(maxFileSize);
        var buffer = ArrayPool<byte>.Shared.Rent(CopyBytes);
        try
        {
            var parts = 0;
            while (await reader.ReadNextSectionAsync(cancellationToken) is { } section)
            {
                if (++parts > MaxParts)
                {
                    return HttpBodyProblem.TooLarge;
                }

                if (Decode(section) is not { } content
                    || !ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
                    || !disposition.Name.HasValue)
                {
                    return HttpBodyProblem.Malformed;
                }

                var name = Unquote(disposition.Name);
                if (FileName(disposition) is { } fileName)
                {
                    var stored = await spool.StoreAsync(content, fileName, section.ContentType ?? DefaultType, filesQuota, buffer, cancellationToken);
                    if (stored is null)
                    {
                        return HttpBodyProblem.TooLarge;
                    }

                    if (!files.TryGetValue(name, out var list))
                    {
                        files.Add(name, list = []);
                    }

                    list.Add(stored);
                }
                else if (await ReadFieldAsync(content, fieldsQuota, name, buffer, cancellationToken) is { } text)
                {
                    fields[name] = text;
                }
                else
                {
                    return HttpBodyProblem.TooLarge;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        AddFiles(files, received, spool);
        AddFields(fields, received);
        return HttpBodyProblem.None;
    }

    private void AddFiles(OrderedDictionary<string, List<UploadedFile>> files, HttpParams received, UploadSpool spool)
    {
        var before = received.Set.Count;
        foreach (var (name, list) in files)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            if (DroppedNames.InBody(utf8))
            {
                continue;
            }

            spool.ByName[name] = list[^1];
            if (multiples && list.Count > 1)
            {
                received.Set.AddLast(utf8, ParamEncoding.Describe([.. list], isList: true), ParamKind.File, list);
            }
            else
            {
                received.Set.AddLast(utf8, ParamEncoding.Describe(list[^1]), ParamKind.File, list[^1]);
            }
        }

        PayloadRule.Apply(received.Set, before);
    }

    private static void AddFields(OrderedDictionary<string, byte[]> fields, HttpParams received)
    {
        received.BeginFields();
        var before = received.Set.Count;
        foreach (var (name, text) in fields)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            if (!DroppedNames.InBody(utf8))
            {
                received.Set.AddLast(utf8, text, ParamKind.Text);
            }
        }

        PayloadRule.Apply(received.Set, before);
        received.EndFields();
    }

    // A field's name counts too: a thousand long ones are as much memory as one long text.
    private static async ValueTask<byte[]?> ReadFieldAsync(
        Stream content, UploadQuota quota, string name, byte[] buffer, CancellationToken cancellationToken)
    {
        if (!quota.TryTake(name.Length))
        {
            return null;
        }

        using var text = new MemoryStream();
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (!quota.TryTake(read))
            {
                return null;
            }

            text.Write(buffer, 0, read);
        }

        var bytes = text.ToArray();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
    }

    // Null for an encoding that nobody uses.
    private static Stream? Decode(MultipartSection section)
    {
        var encoding = section.Headers is not null && section.Headers.TryGetValue("Content-Transfer-Encoding", out var values)
            ? values.ToString().Trim()
            : string.Empty;
        return encoding.ToUpperInvariant() switch
        {
            "" or "7BIT" or "8BIT" or "BINARY" => section.Body,
            "BASE64" => new CryptoStream(section.Body, new WholeBase64(), CryptoStreamMode.Read),
            _ => null,
        };
    }

    // Null for a field. What stands before the last slash or backslash is the client's own folder.
    private static string? FileName(ContentDispositionHeaderValue disposition)
    {
        var sent = disposition.FileNameStar.HasValue ? disposition.FileNameStar.ToString()
            : disposition.FileName.HasValue ? Unquote(disposition.FileName)
            : null;
        return sent?[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    // Browsers write a quotation mark as %22, others put a backslash before it.
    private static string Unquote(StringSegment text) =>
        HeaderUtilities.RemoveQuotes(text).ToString()
            .Replace("\\\"", "\"", StringComparison.Ordinal)
            .Replace("%22", "\"", StringComparison.Ordinal);
}
