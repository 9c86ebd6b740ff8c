namespace Polywire.Diagnostics;

/// <summary>The one table of event ids of this assembly; none is ever used twice.</summary>
internal static class EventIds
{
    public const int ActionCompleted = 1000;
    public const int ActionFailed = 1001;
    public const int ActionReplaced = 1002;
    public const int AbandonedActionFailed = 1003;
    public const int AnswerNotSerializable = 1004;
    public const int AnswerTooLarge = 1005;
    public const int ActionAddedByReload = 1006;
    public const int ExceptionReporterFailed = 1009;
    public const int CallbackFailed = LastCatch.EventId;
    public const int VerbReplyFailed = 1111;
    public const int AnswerFailed = 1112;
    public const int ConnectionOpened = 1100;
    public const int ConnectionClosed = 1101;
    public const int ConnectionRefused = 1102;
    public const int ConnectionMiddlewareFailed = 1103;
    public const int VerbPerformed = 1104;
    public const int SlowReaderDropped = 1105;
    public const int SendFailed = 1106;
    public const int VerbFailed = 1107;
    public const int LeavingTakesLong = 1110;
    public const int ConnectionFailed = 1108;
    public const int CancellationCallbackFailed = 1109;
    public const int InputBudgetExceeded = 1120;
    public const int MessageStalled = 1121;
    public const int TooManyConnections = 1122;
    public const int TooManyConnectionsOfAddress = 1123;
    public const int DeliveryFailed = 1200;
    public const int RoomLeaveFailed = 1201;
    public const int PresenceFailed = 1202;
    public const int BackplaneFailed = 1203;
    public const int BackplaneHandlerFailed = 1204;
    public const int BackplaneMessagesLost = 1205;
    public const int BackplanePublishFailed = 1206;
    public const int RoomLogHandlerFailed = 1207;
    public const int AnnounceFailed = 1208;
    public const int RoomLogFailed = 1209;
    public const int ClusterEndFailed = 1210;
    public const int FileSent = 1300;
    public const int FileFailed = 1301;
    public const int CacheLockLost = 1500;
    public const int CacheLockNotRenewed = 1501;
    public const int CacheLockNotReleased = 1502;
    public const int CacheItemForeign = 1503;
    public const int UnknownSetting = 1600;
    public const int HoursAreDays = 1601;
}
