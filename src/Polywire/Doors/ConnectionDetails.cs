using System.Text.Json;
using Polywire.Params;

namespace Polywire.Doors;

/// <summary>Writes what a connection may know of itself (core.md V-7).</summary>
internal static class ConnectionDetails
{
    public static void Write(Utf8JsonWriter writer, Connection connection)
    {
        writer.WriteStartObject();
        writer.WriteString("id"u8, connection.Id);
        writer.WriteString("fingerprint"u8, connection.Fingerprint);
        writer.WriteString("remoteIP"u8, connection.RemoteIP);
        writer.WriteNumber("remotePort"u8, connection.RemotePort);
        writer.WritePropertyName("params"u8);
        WriteParams(writer, connection.Sticky);
        writer.WriteNumber("connectedAt"u8, connection.ConnectedAt.ToUnixTimeMilliseconds());
        writer.WriteStartArray("rooms"u8);
        foreach (var room in connection.Rooms)
        {
            writer.WriteStringValue(room);
        }

        writer.WriteEndArray();
        writer.WriteNumber("totalActions"u8, connection.TotalActions);
        writer.WriteNumber("pendingActions"u8, connection.PendingActions);
        writer.WriteEndObject();
    }

    public static void WriteParams(Utf8JsonWriter writer, ParamSet? set)
    {
        writer.WriteStartObject();
        if (set is not null)
        {
            foreach (var index in set.DistinctIndexes())
            {
                writer.WritePropertyName(set.NameAt(index));
                set.ValueAt(index).WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
