using System.Buffers;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Polywire.AspNetCore.Compatibility.Queries;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>A multipart form on its way: fields into memory, files to disk as they come, once it is known that they are wanted.</summary>
/// <remarks>Source: docs/protocol/http.md, "Multipart".</remarks>
internal sealed class MultipartForm(PartReader reader, long maxFieldsSize, long maxFileSize, bool multiples) : PendingBody
{
    private const int MaxParts = 1000;
    private const string DefaultType = "application/octet-stream";

    private readonly OrderedDictionary<string, byte[]> _fields = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, List<UploadedFile>> _files = new(StringComparer.Ordinal);
    private readonly UploadQuota _fieldsQuota = new(maxFieldsSize);
    private readonly UploadQuota _filesQuota = new(maxFileSize);
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(PartReader.BufferBytes);
    private (string Name, string FileName, string ContentType, Stream Content)? _file;
    private int _parts;

    /// <summary>Counts the fields; null where nobody does.</summary>
    public BodyHold? Hold { get; init; }

    /// <summary>What the body is waited for with, so that a client that sends no more can be ended; null where all of it is there.</summary>
    public PipeReader? Source { get; init; }

    /// <summary>Whether a file has come, so that <see cref="ReadRestAsync"/> has something to do.</summary>
    public bool IsAtFile => _file is not null;

    /// <summary>Reads the fields up to the first file.</summary>
    /// <exception cref="IOException">The body ends before its form does, or the connection broke.</exception>
    /// <exception cref="InvalidDataException">A part's headers cannot be read.</exception>
    /// <exception cref="FormatException">A part says base64 and is not.</exception>
    /// <exception cref="PartTooLargeException">A part's headers are too many or too long.</exception>
    public async ValueTask<HttpBodyProblem> ReadFieldsAsync(CancellationToken cancellationToken)
    {
        // The two buffers are there from the first byte to the last.
        ReportHeld();
        while (_file is null && await reader.NextAsync(cancellationToken) is { } headers)
        {
            Hold?.ThrowIfEnded();
            if (++_parts > MaxParts)
            {
                return HttpBodyProblem.TooLarge;
            }

            if (Decode(headers) is not { } content || !PartNames.TryRead(headers.Disposition, out var name, out var fileName))
            {
                return HttpBodyProblem.Malformed;
            }

            if (name is null)
            {
                // RFC 2046 lets a part have no headers at all. It is no field then.
                if (!await PassOverAsync(content, _fieldsQuota, cancellationToken))
                {
                    return HttpBodyProblem.TooLarge;
                }
            }
            else if (fileName is not null)
            {
                _file = (name, fileName, headers.ContentType ?? DefaultType, content);
            }
            else if (await ReadFieldAsync(content, name, cancellationToken) is { } text)
            {
                _fields[name] = text;
            }
            else
            {
                return HttpBodyProblem.TooLarge;
            }
        }

        return HttpBodyProblem.None;
    }

    /// <inheritdoc/>
    /// <exception cref="UploadStoreException">The disk did not take a file.</exception>
    public override async ValueTask<HttpBodyProblem> ReadRestAsync(UploadTakes takes, UploadSpool spool, CancellationToken cancellationToken)
    {
        while (_file is var (name, fileName, contentType, content))
        {
            _file = null;
            var fits = takes.Allows(name)
                ? await StoreAsync(name, fileName, contentType, content, spool, cancellationToken)
                : await PassOverAsync(content, _filesQuota, cancellationToken);
            var problem = fits ? await ReadFieldsAsync(cancellationToken) : HttpBodyProblem.TooLarge;
            if (problem != HttpBodyProblem.None)
            {
                return problem;
            }
        }

        return HttpBodyProblem.None;
    }

    public override void AddTo(HttpParams received)
    {
        AddFiles(received);
        received.BeginFields();
        var before = received.Set.Count;
        foreach (var (name, text) in _fields)
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

    public override void Dispose()
    {
        reader.Release();
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        base.Dispose();
    }

    private void AddFiles(HttpParams received)
    {
        var before = received.Set.Count;
        foreach (var (name, list) in _files)
        {
            var utf8 = Encoding.UTF8.GetBytes(name);
            if (DroppedNames.InBody(utf8))
            {
                continue;
            }

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

    private async ValueTask<bool> StoreAsync(
        string name, string fileName, string contentType, Stream content, UploadSpool spool, CancellationToken cancellationToken)
    {
        if (await spool.StoreAsync(content, fileName, contentType, _filesQuota, _buffer, 0, cancellationToken) is not { } stored)
        {
            return false;
        }

        if (!_files.TryGetValue(name, out var list))
        {
            _files.Add(name, list = []);
        }

        list.Add(stored);
        if (!DroppedNames.InBody(Encoding.UTF8.GetBytes(name)))
        {
            spool.ByName[name] = stored;
        }

        return true;
    }

    private async ValueTask<bool> PassOverAsync(Stream content, UploadQuota quota, CancellationToken cancellationToken)
    {
        int read;
        while ((read = await content.ReadAsync(_buffer, cancellationToken)) > 0)
        {
            if (!quota.TryTake(read))
            {
                return false;
            }
        }

        return true;
    }

    private void ReportHeld() => Hold?.Report((2 * PartReader.BufferBytes) + _fieldsQuota.Taken, Source);

    // A field's name counts too: a thousand long ones are as much memory as one long text.
    private async ValueTask<byte[]?> ReadFieldAsync(Stream content, string name, CancellationToken cancellationToken)
    {
        if (!_fieldsQuota.TryTake(name.Length))
        {
            return null;
        }

        using var text = new MemoryStream();
        int read;
        while ((read = await content.ReadAsync(_buffer, cancellationToken)) > 0)
        {
            if (!_fieldsQuota.TryTake(read))
            {
                return null;
            }

            text.Write(_buffer, 0, read);
            ReportHeld();
            Hold?.ThrowIfEnded();
        }

        var bytes = text.ToArray();
        return System.Text.Unicode.Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));
    }

    // Null for an encoding that nobody uses.
    private Stream? Decode(PartHeaders headers) => headers.Encoding switch
    {
        null or "" or "7bit" or "8bit" or "binary" => reader,
        "base64" => new CryptoStream(reader, new WholeBase64(), CryptoStreamMode.Read),
        _ => null,
    };
}
