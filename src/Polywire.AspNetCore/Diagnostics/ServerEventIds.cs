namespace Polywire.AspNetCore.Diagnostics;

/// <summary>The one table of event ids of this assembly; none is ever used twice.</summary>
internal static class ServerEventIds
{
    public const int Listening = 2000;
    public const int SockhopListening = 2010;
    public const int SockhopHandlerFailed = 2011;
    public const int SockhopConnectionRefused = 2012;
    public const int SockhopProtocolError = 2013;
    public const int SockhopWithoutHandshake = 2014;
    public const int HttpAtAnotherDoor = 2003;
    public const int TlsAtPlainDoor = 2004;
    public const int CertificateRenewed = 2020;
    public const int CertificateNotRenewed = 2021;
    public const int BodyRejected = 2100;
    public const int UploadNotStored = 2101;
    public const int UploadNotDeleted = 2102;
    public const int AnswerStreamFailed = 2103;
    public const int UploadsFull = 2104;
    public const int RoutePatternTimedOut = 2110;
    public const int RouteWithoutAction = 2111;
    public const int WebListenFailed = 2112;
    public const int ActionNamedLate = 2120;
    public const int ActionRefused = 2121;
    public const int NotAuthenticated = 2122;
    public const int ActionNotMappedYet = 2123;
    public const int WebListening = 2113;
    public const int AntiforgeryRefused = 2124;
    public const int MetadataWithoutEffect = 2125;
    public const int MetadataOnOneDoor = 2126;
    public const int SchemeFailed = 2127;
    public const int FilesOnOneDoor = 2128;
    public const int LongPingInterval = 2200;
    public const int SettingWithoutEffect = 2201;
    public const int AuthorizeFailed = 2202;
    public const int LiveViewFailed = 2300;
}
