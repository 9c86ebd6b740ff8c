using System.Text;
using Microsoft.Extensions.Logging;
using Polywire.Diagnostics;

namespace Polywire.Redis.Bus;

/// <summary>Looks at what comes from Redis, and hands it to where it belongs; what is not right is dropped and counted (cluster.md NO-46 to NO-48). Safe to use concurrently.</summary>
/// <remarks>Nothing that comes ends a subscription, a node or a connection.</remarks>
internal sealed class BusReceiver(NodeIdentity node, string? secret, BusMetrics metrics, ILogger logger)
{
    private readonly byte[] _id = Encoding.ASCII.GetBytes(node.Id);
    private readonly byte[] _epoch = Encoding.ASCII.GetBytes(node.Epoch);
    private readonly BusSignature? _signature = secret is null ? null : new BusSignature(secret);

    public required BusQuestions Questions { get; init; }

    public required BusResponders Responders { get; init; }

    public required BusPulse Pulse { get; init; }

    /// <summary>A node has come, or goes. Does not block.</summary>
    public required Action Greeted { get; init; }

    /// <summary>Takes what came on a channel; one by one for each.</summary>
    public void Receive(BusSubscription subscription, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var fault = Look(subscription, bytes);
            if (fault != BusFault.None)
            {
                metrics.Dropped(fault);
            }
        }
        catch (Exception exception)
        {
            LastCatch.Tell(exception, logger);
        }
    }

    private BusFault Look(BusSubscription subscription, ReadOnlyMemory<byte> bytes)
    {
        var fault = BusMessage.Parse(bytes.Span, out var message);
        if (fault != BusFault.None)
        {
            return fault;
        }

        var isOwn = message.Id.SequenceEqual(_id) && message.Epoch.SequenceEqual(_epoch);
        if (isOwn && message.Type != BusType.Ping)
        {
            return BusFault.None;
        }

        var body = bytes[message.BodyStart..];
        if (_signature is { } signature && !signature.IsRight(message.Head, body.Span, message.Signature))
        {
            return BusFault.Signature;
        }

        var address = subscription.Address;
        if (!BusTypes.IsAllowed(message.Type, address.Kind) || (message.Type == BusType.Ping && !isOwn))
        {
            return BusFault.Type;
        }

        var isFit = address.Kind != BusAddressKind.Room || BusBody.IsOfRoom(body.Span, address.Name);
        string incarnation;
        lock (subscription.Gate)
        {
            if (!subscription.Sequence.TryNote(message, out incarnation, out var lost))
            {
                return BusFault.Duplicate;
            }

            if (lost > 0)
            {
                metrics.Lost(lost);
            }

            if (!isFit)
            {
                return BusFault.Form;
            }

            if (message.Type is BusType.Say or BusType.Destroyed or BusType.Hello or BusType.Bye)
            {
                subscription.Deliver(new BackplaneMessage { Node = incarnation, Type = BusTypes.NameOf(message.Type), Body = body });
            }
        }

        metrics.Received();
        HandOver(message, incarnation, body);
        return BusFault.None;
    }

    private void HandOver(in BusMessage message, string incarnation, ReadOnlyMemory<byte> body)
    {
        switch (message.Type)
        {
            case BusType.Ask:
                Responders.Asked(message, incarnation, body);
                break;
            case BusType.Answer:
                Questions.Answered(message, incarnation, body);
                break;
            case BusType.Hello or BusType.Bye:
                Greeted();
                break;
            case BusType.Ping:
                Pulse.Heard();
                break;
        }
    }
}
