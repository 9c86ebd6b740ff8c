using Polywire.Load.Measuring;

namespace Polywire.Load.Wire;

/// <summary>Opens many connections without overrunning the server's queue of new ones.</summary>
internal static class ConnectionOpener
{
    /// <summary>Connections being opened at once; below the usual listen queue of 128 to 512.</summary>
    private const int AtOnce = 64;

    /// <summary>Opens up to <paramref name="count"/> connections; those that fail are tallied and missing from the result.</summary>
    public static async Task<List<ClientConnection>> OpenAsync(
        int count, Target target, LoadOptions options, Tally tally, int bufferBytes, int kernelBytes, CancellationToken deadline)
    {
        var opened = new List<ClientConnection>(count);
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, count)).Select(_ => WorkAsync()));
        return opened;

        async Task WorkAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                try
                {
                    var one = await ClientConnection.OpenAsync(target, options.Timeout, deadline, bufferBytes, kernelBytes);
                    lock (opened)
                    {
                        opened.Add(one);
                    }
                }
                catch (Exception e) when (ClientConnection.IsEnd(e) || e is InvalidDataException)
                {
                    // One that fails is followed by others that would; what is open by now is enough to report on.
                    Interlocked.Exchange(ref left, 0);
                    tally.Close("could not connect: " + e.Message);
                }
            }
        }
    }
}
