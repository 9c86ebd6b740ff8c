global using static GivenHere;
using System.Collections.Generic;
using System.IO;
using System.Security.Claims;
using System.Threading;
using System.Threading.Tasks;
using Polywire.Sockhop;

public interface IKeys
{
    Task<ClaimsPrincipal?> FindAsync(string? key);
}

internal static class GivenHere
{
    public static byte[] bytes => [];
    public static IKeys keys => throw new NotSupportedException();
    public static SockhopServer server => throw new NotSupportedException();
    public static SockhopClient client => throw new NotSupportedException();
    public static SockhopSession session => throw new NotSupportedException();
    public static Stream file => Stream.Null;
    public static Stream store => Stream.Null;

    public static void Report(Progress progress) => _ = progress;

    public static ValueTask<Resized> ResizeAsync(Resize job, CancellationToken cancellationToken) => new(new Resized(job.File, job.Width));

    public static ValueTask<Resized> FindAsync(string file, CancellationToken cancellationToken) => new(new Resized(file, 1));

    public static async IAsyncEnumerable<Progress> ResizeStepwiseAsync(Resize job, CancellationToken cancellationToken)
    {
        await Task.Yield();
        yield return new Progress(job.Width);
    }
}
