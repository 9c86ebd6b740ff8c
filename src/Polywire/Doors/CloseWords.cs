namespace Polywire.Doors;

/// <summary>Why the application closes a connection, in its own words.</summary>
/// <param name="text">At most <see cref="MaxBytes"/> of UTF-8.</param>
/// <param name="status">1000, or 3000 to 4999.</param>
internal sealed class CloseWords(string text, int status)
{
    /// <summary>What a close frame of WebSocket has room for (RFC 6455, 5.5).</summary>
    public const int MaxBytes = 123;

    public string Text { get; } = text;

    public int Status { get; } = status;

    /// <summary>As the log has it.</summary>
    public override string ToString() => $": {Diagnostics.LogText.OneLine(Text, MaxBytes)} ({Status})";
}
