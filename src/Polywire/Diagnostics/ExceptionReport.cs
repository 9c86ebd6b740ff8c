using Microsoft.Extensions.Logging;

namespace Polywire;

/// <summary>An exception that nobody expected, and where it came from.</summary>
public sealed record ExceptionReport
{
    /// <summary>What was thrown.</summary>
    public required Exception Exception { get; init; }

    /// <summary>The kind of work that it ended.</summary>
    public required ExceptionSource Source { get; init; }

    /// <summary>What failed: the action with its version, the verb, the kind of connection; empty where the source says it all.</summary>
    public string Name { get; init; } = string.Empty;

    /// <summary>How bad it is: <see cref="LogLevel.Critical"/> where the process ends, else <see cref="LogLevel.Error"/>.</summary>
    public LogLevel Severity { get; init; } = LogLevel.Error;

    /// <summary>Whose request it was; <see langword="null"/> where there was none.</summary>
    public Connection? Connection { get; init; }

    /// <summary>The id that the log has and the client read; <see langword="null"/> where there is none.</summary>
    public string? TraceId { get; init; }
}
