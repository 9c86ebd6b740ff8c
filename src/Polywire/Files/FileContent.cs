using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Polywire.Files;

/// <summary>The bytes of a file in rented memory; dispose to give it back.</summary>
[Experimental("PWX0001")]
public readonly struct FileContent : IDisposable
{
    private readonly byte[]? _rented;
    private readonly int _length;

    private FileContent(byte[] rented, int length) => (_rented, _length) = (rented, length);

    /// <summary>All of the file; not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

    /// <summary>Reads all of a file.</summary>
    /// <exception cref="IOException">It cannot be read, or got shorter meanwhile.</exception>
    public static async ValueTask<FileContent> ReadAsync(PublicFile file)
    {
        if (file.Handle is null)
        {
            return default;
        }

        var length = checked((int)file.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            for (var at = 0; at < length;)
            {
                var read = await RandomAccess.ReadAsync(file.Handle, bytes.AsMemory(at, length - at), at);
                at += read > 0 ? read : throw new EndOfStreamException($"The file shrank from {length} to {at} bytes while it was read.");
            }

            return new FileContent(bytes, length);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(bytes);
            throw;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }
}
