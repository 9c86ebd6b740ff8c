using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.Win32.SafeHandles;

namespace Polywire.AspNetCore.Http.Files;

/// <summary>Copies bytes of an open file into an answer.</summary>
/// <remarks>
/// The framework's <c>SendFileAsync</c> opens the path again, which may be another file by then, and copies in smaller steps.
/// </remarks>
internal static class FileBody
{
    // One step of a copy; at most this much of a file is in memory per request, and as much again in the server's own output.
    private const int StepBytes = 64 * 1024;

    /// <summary>Sends a part of a file as the whole body; the headers, length included, are set.</summary>
    /// <returns><see langword="false"/> where the file was found shorter than it had been: the answer is cut off, its connection closed.</returns>
    public static async ValueTask<bool> SendAsync(HttpContext http, SafeFileHandle file, long offset, long length)
    {
        await http.Response.StartAsync(http.RequestAborted);
        var output = http.Response.BodyWriter;

        // Opening the file blocked already, and the read of a small one is over before another thread could take it up.
        var small = length <= StepBytes;
        while (length > 0)
        {
            var step = (int)Math.Min(StepBytes, length);
            var buffer = output.GetMemory(step)[..step];
            var read = small
                ? RandomAccess.Read(file, buffer.Span, offset)
                : await RandomAccess.ReadAsync(file, buffer, offset, http.RequestAborted);
            if (read == 0)
            {
                return CutOff(http);
            }

            output.Advance(read);
            offset += read;
            length -= read;
            if ((await output.FlushAsync(http.RequestAborted)).IsCompleted)
            {
                return length == 0;
            }
        }

        return true;
    }

    /// <summary>Copies a whole file into a stream, a compressing one for instance.</summary>
    /// <inheritdoc cref="SendAsync" path="/returns"/>
    public static async ValueTask<bool> CopyAsync(HttpContext http, SafeFileHandle file, long length, Stream output)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(StepBytes, length));
        try
        {
            for (var offset = 0L; offset < length;)
            {
                var step = buffer.AsMemory(0, (int)Math.Min(buffer.Length, length - offset));
                var read = await RandomAccess.ReadAsync(file, step, offset, http.RequestAborted);
                if (read == 0)
                {
                    return CutOff(http);
                }

                await output.WriteAsync(step[..read], http.RequestAborted);
                offset += read;
            }

            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // The headers are out, so all that is left to tell the client is that this is not the whole.
    private static bool CutOff(HttpContext http)
    {
        http.Abort();
        return false;
    }
}
