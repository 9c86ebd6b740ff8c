using Microsoft.Extensions.Logging;

namespace Polywire;

/// <summary>The level of an action's log line, in place of <see cref="LogLevel.Information"/>.</summary>
/// <param name="level">The level; errors that are our fault are logged at <see cref="LogLevel.Error"/> all the same.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class LogAsAttribute(LogLevel level) : Attribute
{
    /// <summary>The level of the log line.</summary>
    public LogLevel Level { get; } = level;
}
