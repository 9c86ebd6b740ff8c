global using static GivenHere;

internal static class GivenHere
{
    public static string[] cart => ["book"];
}
