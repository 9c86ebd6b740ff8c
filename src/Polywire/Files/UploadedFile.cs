using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;

namespace Polywire;

/// <summary>A file that came with a request: the value of a param, and of an input of this type.</summary>
/// <remarks>
/// Its content lies in a file of its own on disk, which is deleted when the request ends, unless the action took it with
/// <see cref="Keep"/> or <see cref="MoveTo"/>. As JSON it is <c>{"name":…,"size":…,"type":…}</c>: no path of the server is ever sent. Safe
/// to read concurrently.
/// </remarks>
[JsonConverter(typeof(UploadedFileConverter))]
public sealed class UploadedFile
{
    private string _path;
    private int _taken;

    /// <summary>Makes one of a file on disk; for doors.</summary>
    /// <param name="name">The client's name of it, without folders.</param>
    /// <param name="contentType">As the client gave it.</param>
    /// <param name="length">In bytes.</param>
    /// <param name="path">Where the content lies.</param>
    [Experimental("PWX0001")]
    public UploadedFile(string name, string contentType, long length, string path)
    {
        (Name, ContentType, Length, _path) = (name, contentType, length, path);
    }

    /// <summary>The client's name of it, without folders; may be empty. Never use it as a path as it is.</summary>
    public string Name { get; }

    /// <summary>The content type that the client gave, unchecked; <c>application/octet-stream</c> where it gave none.</summary>
    public string ContentType { get; }

    /// <summary>The size in bytes.</summary>
    public long Length { get; }

    /// <summary>Where the content lies now: a name of random letters in the folder for uploads, or where <see cref="MoveTo"/> put it.</summary>
    public string Path => _path;

    /// <summary>Opens the content for reading, from its beginning; dispose the stream.</summary>
    /// <exception cref="FileNotFoundException">The request has ended and the file is gone.</exception>
    public Stream OpenReadStream() => new FileStream(
        _path,
        new FileStreamOptions { Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });

    /// <summary>Hashes the content with SHA-256.</summary>
    /// <returns>32 bytes.</returns>
    public async ValueTask<byte[]> ComputeSha256Async(CancellationToken cancellationToken = default)
    {
        await using var stream = OpenReadStream();
        return await SHA256.HashDataAsync(stream, cancellationToken);
    }

    /// <summary>Leaves the file where it is when the request ends; from then on it is the application's.</summary>
    public void Keep() => Interlocked.Exchange(ref _taken, 1);

    /// <summary>Moves the file, which is the application's from then on.</summary>
    /// <param name="path">The new place; its folder exists.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <exception cref="IOException">There is a file of that name, or the move failed.</exception>
    public void MoveTo(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        File.Move(_path, path, overwrite);
        _path = path;
        Keep();
    }

    /// <summary>Deletes the file unless it was taken.</summary>
    [Experimental("PWX0001")]
    public void Release()
    {
        if (Interlocked.Exchange(ref _taken, 1) == 0)
        {
            File.Delete(_path);
        }
    }
}
