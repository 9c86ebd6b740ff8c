namespace Polywire.Redis.Bus;

/// <summary>The words of <see cref="BusType"/>, and where each may come.</summary>
internal static class BusTypes
{
    private static readonly string[] Names = ["say", "destroyed", "ask", "answer", "hello", "bye", "ping"];
    private static readonly byte[][] Utf8Names = [.. Names.Select(System.Text.Encoding.ASCII.GetBytes)];

    public static string NameOf(BusType type) => Names[(int)type];

    public static bool TryParse(ReadOnlySpan<byte> name, out BusType type)
    {
        for (var i = 0; i < Utf8Names.Length; i++)
        {
            if (name.SequenceEqual(Utf8Names[i]))
            {
                type = (BusType)i;
                return true;
            }
        }

        type = default;
        return false;
    }

    public static bool TryParse(string name, out BusType type)
    {
        var found = Array.IndexOf(Names, name);
        type = (BusType)Math.Max(found, 0);
        return found >= 0;
    }

    /// <summary>Whether a message of a type has its place on a channel.</summary>
    public static bool IsAllowed(BusType type, BusAddressKind kind) => kind switch
    {
        BusAddressKind.Room => type is BusType.Say or BusType.Destroyed,
        BusAddressKind.Node => type is BusType.Ask or BusType.Answer or BusType.Ping,
        _ => type is BusType.Ask or BusType.Hello or BusType.Bye,
    };
}
