namespace Polywire.Sockhop.Tests;

/// <summary>What a server heard on a <see cref="ScriptedWire"/>.</summary>
internal sealed class Heard
{
    private const string Half = "The connection ended within a message";

    public List<string> Messages { get; } = [];

    public List<SockhopException> AllErrors { get; } = [];

    public IEnumerable<string> Errors => AllErrors.Select(error => error.Code);

    /// <summary>The code of the report that the end came within a message.</summary>
    public IEnumerable<string> HalfError => AllErrors.Where(error => error.Message.StartsWith(Half, StringComparison.Ordinal)).Select(error => error.Code);

    public int Requests { get; set; }

    public SockhopDisconnect End { get; set; }

    public byte[] Sent { get; set; } = [];
}
