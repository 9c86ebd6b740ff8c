namespace Polywire.Redis.Diagnostics;

/// <summary>The event ids of this assembly's log lines; 3000 to 3099.</summary>
internal static class RedisEventIds
{
    public const int ScriptFailed = 3000;
    public const int Joined = 3001;
    public const int PeerJoined = 3002;
    public const int PeerLeft = 3003;
    public const int PeerDead = 3004;
    public const int LinkDown = 3005;
    public const int LinkBack = 3006;
    public const int DataLost = 3007;
    public const int MessagesLost = 3008;
    public const int IdTaken = 3009;
    public const int StepFailed = 3010;
    public const int MessagesDropped = 3011;
    public const int ForeignEntry = 3012;
    public const int HandlerFailed = 3013;
    public const int ResponderFailed = 3014;
    public const int MessageRefused = 3015;
    public const int AnnounceFailed = 3020;
    public const int StopIncomplete = 3021;
}
