namespace Polywire.Outbound;

/// <summary>What became of one message for many connections. A mutable struct; do not copy it.</summary>
internal struct DeliveryCount
{
    private int _delivered;
    private int _dropped;
    private int _refused;
    private int _closed;

    public void Add(Delivery outcome)
    {
        switch (outcome)
        {
            case Delivery.Delivered:
                _delivered++;
                break;
            case Delivery.Dropped:
                _dropped++;
                break;
            case Delivery.Refused:
                _refused++;
                break;
            default:
                _closed++;
                break;
        }
    }

    public readonly int Of(Delivery outcome) =>
        outcome switch
        {
            Delivery.Delivered => _delivered,
            Delivery.Dropped => _dropped,
            Delivery.Refused => _refused,
            _ => _closed,
        };
}
