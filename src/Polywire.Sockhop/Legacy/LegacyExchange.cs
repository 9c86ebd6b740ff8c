using System.Diagnostics.CodeAnalysis;
using Polywire.Sockhop.Peer;

namespace Polywire.Sockhop.Legacy;

/// <summary>What is asked and answered at one peer. Safe for any thread.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's handle, which there would be to dispose of, is never made.")]
internal sealed class LegacyExchange(ConnectionSettings settings)
{
    // A handler more waits for the first to end, and the peer's messages with it.
    private const int MostAnswers = 100;
    private const int PacketCost = 256;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, LegacyResponse> _asked = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _answers = new(MostAnswers);

    public Task BeginAnswerAsync(CancellationToken cancellationToken) => _answers.WaitAsync(cancellationToken);

    public void EndAnswer() => _answers.Release();

    /// <summary>Begins to collect the packets of a response.</summary>
    /// <exception cref="SockhopException">There are too many.</exception>
    public LegacyResponse Ask()
    {
        var response = new LegacyResponse(Guid.NewGuid().ToString());
        lock (_gate)
        {
            if (_asked.Count >= settings.MaxPendingRequests)
            {
                throw new SockhopException(
                    SockhopErrorCodes.TooManyRequests,
                    $"{nameof(SockhopOptions.MaxPendingRequests)} ({settings.MaxPendingRequests}) requests wait for their responses.");
            }

            _asked.Add(response.Uuid, response);
        }

        return response;
    }

    /// <summary>Looks at no more packets of a response.</summary>
    public void Forget(LegacyResponse response)
    {
        lock (_gate)
        {
            _asked.Remove(response.Uuid);
        }
    }

    /// <summary>Gives a packet to whoever waits for it. What nobody waits for is ignored.</summary>
    public void Take(LegacyResponsePacket packet, long size)
    {
        LegacyResponse? response;
        lock (_gate)
        {
            if (packet.Uuid is null || !_asked.TryGetValue(packet.Uuid, out response))
            {
                return;
            }
        }

        if (!response.TryAdd(packet, size + PacketCost, settings.ReceiveQueueLimit))
        {
            Forget(response);
            response.Fail(new SockhopException(
                SockhopErrorCodes.MessageTooLarge,
                $"More of a response waits to be read than {nameof(SockhopOptions.ReceiveQueueLimit)} ({settings.ReceiveQueueLimit}) bytes."));
        }
    }

    /// <summary>Fails everything that was asked.</summary>
    public void FailAll(SockhopException error)
    {
        LegacyResponse[] all;
        lock (_gate)
        {
            all = [.. _asked.Values];
            _asked.Clear();
        }

        Array.ForEach(all, response => response.Fail(error));
    }
}
