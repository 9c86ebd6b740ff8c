namespace Polywire.Transport;

/// <summary>Looks after the pollers while they have work; sleeps while they have none.</summary>
internal static class SocketPollerWatch
{
    // After so many looks without work the watch sleeps until a poller wakes it.
    private const int IdleLooks = 100;

    private static readonly AutoResetEvent Work = new(false);
    private static int Asleep = 1;

    static SocketPollerWatch() =>
        new Thread(Run) { IsBackground = true, Name = "Polywire sockets watch" }.UnsafeStart();

    /// <summary>Gets the pause between two looks: so long, up to twice, a blocking handler holds up its neighbours.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Takes note that a poller has work.</summary>
    public static void Notice()
    {
        if (Volatile.Read(ref Asleep) != 0 && Interlocked.Exchange(ref Asleep, 0) != 0)
        {
            Work.Set();
        }
    }

    private static void Run()
    {
        var idle = 0;
        while (true)
        {
            if (idle < IdleLooks)
            {
                Work.WaitOne(Interval);
            }
            else
            {
                Volatile.Write(ref Asleep, 1);
                Work.WaitOne();
                idle = 0;
            }

            idle++;
            foreach (var poller in SocketPoller.All)
            {
                if (poller.IsBusy)
                {
                    idle = 0;
                }

                poller.Check();
            }
        }
    }
}
