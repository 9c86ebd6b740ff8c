using System.Buffers;
using Polywire.Params;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>A body that is one file as a whole.</summary>
internal sealed class FileUpload(Stream body, string name, string contentType, long maxFileSize) : PendingBody
{
    /// <summary>The param that it becomes.</summary>
    public const string Param = "file";

    private UploadedFile? _file;

    public override async ValueTask<HttpBodyProblem> ReadRestAsync(UploadTakes takes, UploadSpool spool, CancellationToken cancellationToken)
    {
        if (!takes.Allows(Param))
        {
            return HttpBodyProblem.None;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(PartReader.BufferBytes);
        try
        {
            // A body of no bytes is none, however its length was told.
            var first = await body.ReadAsync(buffer, cancellationToken);
            if (first == 0)
            {
                return HttpBodyProblem.None;
            }

            _file = await spool.StoreAsync(body, name, contentType, new UploadQuota(maxFileSize), buffer, first, cancellationToken);
            if (_file is null)
            {
                return HttpBodyProblem.TooLarge;
            }

            spool.ByName[Param] = _file;
            return HttpBodyProblem.None;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void AddTo(HttpParams received)
    {
        if (_file is not null)
        {
            received.Set.AddLast("file"u8, ParamEncoding.Describe(_file), ParamKind.File, _file);
        }
    }
}
