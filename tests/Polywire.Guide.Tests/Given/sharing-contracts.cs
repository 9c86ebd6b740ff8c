global using static GivenSharingContracts;
using System;
using System.Net.Http;

internal static class GivenSharingContracts
{
    public static HttpClient http => throw new NotSupportedException();
}
