using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Polywire.AspNetCore.Diagnostics;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>The uploads of one request on disk: each in a file of its own, deleted at the end unless the action took it.</summary>
internal sealed partial class UploadSpool(string folder, bool keepExtensions, UploadBudget budget, ILogger logger) : IDisposable
{
    private const int MaxExtension = 16;

    private readonly List<UploadedFile> _files = [];
    private long _taken;

    /// <summary>What came, by name; of several of one name the last.</summary>
    public OrderedDictionary<string, UploadedFile> ByName { get; } = new(StringComparer.Ordinal);

    /// <summary>Copies a file to disk.</summary>
    /// <param name="content">Read to its end.</param>
    /// <param name="name">The client's name of it, without folders.</param>
    /// <param name="contentType">The client's word.</param>
    /// <param name="quota">Bytes that may be written; lowered by those that were.</param>
    /// <param name="buffer">Room to copy with.</param>
    /// <param name="first">Bytes of the buffer that are the beginning of the file.</param>
    /// <param name="cancellationToken">Fires when the client goes away.</param>
    /// <returns>The file; null if it is larger than the quota.</returns>
    /// <exception cref="UploadStoreException">The disk did not take it.</exception>
    /// <exception cref="UploadsFullException">All uploads together take as much as they may.</exception>
    public async ValueTask<UploadedFile?> StoreAsync(
        Stream content, string name, string contentType, UploadQuota quota, byte[] buffer, int first, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, $"upload_{RandomNumberGenerator.GetHexString(32, lowercase: true)}{Extension(name)}");
        var length = 0L;
        var room = 0L;
        Take(UploadBudget.BlockBytes, ref room);
        await using (var target = Create(path))
        {
            // On the list before anything is written, so that whatever happens the file is deleted.
            var started = new UploadedFile(name, contentType, 0, path);
            _files.Add(started);
            for (var read = first; read > 0 || (read = await content.ReadAsync(buffer, cancellationToken)) > 0; read = 0)
            {
                if (!quota.TryTake(read))
                {
                    return null;
                }

                length += read;
                if (length > room)
                {
                    Take(length - room, ref room);
                }

                await WriteAsync(target, buffer.AsMemory(0, read), cancellationToken);
            }

            _files.Remove(started);
            var file = new UploadedFile(name, contentType, length, path);
            _files.Add(file);
            return file;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            try
            {
                file.Release();
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                Log.NotDeleted(logger, exception, file.Path);
            }
        }

        _files.Clear();
        budget.Return(_taken);
        _taken = 0;
    }

    private void Take(long bytes, ref long room)
    {
        if (!budget.TryTake(bytes))
        {
            throw new UploadsFullException();
        }

        _taken += bytes;
        room += bytes;
    }

    private FileStream Create(string path)
    {
        try
        {
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Share = FileShare.Read | FileShare.Delete,
                Options = FileOptions.Asynchronous,
                BufferSize = 0,
            };
            if (!OperatingSystem.IsWindows())
            {
                // What one client sent is not for other users of the machine.
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return new FileStream(path, options);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UploadStoreException(folder, exception);
        }
    }

    private async ValueTask WriteAsync(FileStream target, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await target.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw new UploadStoreException(folder, exception);
        }
    }

    private string Extension(string name)
    {
        var extension = keepExtensions ? Path.GetExtension(name) : string.Empty;
        return extension.Length is > 1 and <= MaxExtension && extension.AsSpan(1).IndexOfAnyExcept(LettersAndDigits) < 0 ? extension : string.Empty;
    }

    private static System.Buffers.SearchValues<char> LettersAndDigits { get; } =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private static partial class Log
    {
        [LoggerMessage(ServerEventIds.UploadNotDeleted, LogLevel.Warning, "The upload {Path} could not be deleted at the end of its request")]
        public static partial void NotDeleted(ILogger logger, Exception exception, string path);
    }
}
