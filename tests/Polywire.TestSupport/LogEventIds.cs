using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Polywire.TestSupport;

/// <summary>Checks the ids of an assembly's log events.</summary>
public static class LogEventIds
{
    /// <summary>Throws unless every <c>[LoggerMessage]</c> method of the assembly has an id of its own, above zero.</summary>
    /// <exception cref="InvalidOperationException">Some have none, or share one; the message names the methods.</exception>
    public static void ShouldBeUnique(Assembly assembly) => ShouldBeUnique(assembly.GetTypes());

    /// <inheritdoc cref="ShouldBeUnique(Assembly)"/>
    public static void ShouldBeUnique(IEnumerable<Type> types)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;
        var faults = types
            .SelectMany(type => type.GetMethods(All))
            .Select(method => (Method: $"{method.DeclaringType}.{method.Name}", Id: method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(log => log.Id is not null)
            .GroupBy(log => log.Id)
            .Where(group => group.Key <= 0 || group.Count() > 1)
            .Select(group => $"{(group.Key <= 0 ? "no id" : $"id {group.Key}")}: {string.Join(", ", group.Select(log => log.Method))}")
            .ToArray();
        if (faults.Length > 0)
        {
            throw new InvalidOperationException("Log events need an id of their own:\n" + string.Join('\n', faults));
        }
    }
}
