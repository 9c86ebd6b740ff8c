using System.Collections;
using System.Globalization;
using System.Reflection;

namespace Shapes.Support;

/// <summary>An action that answers what its input came out as.</summary>
public abstract class Shape<TInput> : IAction<TInput, string>
{
    public virtual global::System.Threading.Tasks.ValueTask<string> RunAsync(TInput input, ActionContext context, global::System.Threading.CancellationToken cancellationToken) =>
        new(Text.Of(input, isOuter: true));
}

/// <summary>What a shape is sent, and what comes of it: members and values, all that can be read, in the order they are declared.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class GivenAttribute(string json, string members) : Attribute
{
    public string Json => json;

    public string Members => members;
}

/// <summary>What a shape is sent, and with which words it is refused.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class RefusedAttribute(string json, string message) : Attribute
{
    public string Json => json;

    public string Message => message;
}

/// <summary>Shows values.</summary>
public static class Text
{
    private const BindingFlags Own =
        BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static string Of(object? value, bool isOuter = false) =>
        value switch
        {
            null => "null",
            string text => text,
            IDictionary table => "{" + string.Join(", ", table.Cast<object>().Select(entry => $"{Get(entry, "Key")}: {Of(Get(entry, "Value"))}")) + "}",
            IEnumerable list when value.GetType().GetMethod("<Clone>$") is null => "[" + string.Join(", ", list.Cast<object?>().Select(element => Of(element))) + "]",
            _ when IsOwn(value.GetType()) => isOuter ? Members(value) : $"({Members(value)})",
            IFormattable formattable when value is not DateTime and not DateTimeOffset and not global::System.TimeSpan => formattable.ToString(null, CultureInfo.InvariantCulture),
            DateTime time => time.ToString("O", CultureInfo.InvariantCulture),
            DateTimeOffset time => time.ToString("O", CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private static bool IsOwn(Type type) =>
        type.Assembly.GetName().Name!.StartsWith("Polywire.Generators.Shapes", StringComparison.Ordinal)
        && !type.IsEnum
        && !type.GetInterfaces().Any(one => one.Name is "IParsable`1" or "IUtf8SpanParsable`1");

    private static object? Get(object entry, string name) => entry.GetType().GetProperty(name)!.GetValue(entry);

    private static string Members(object value)
    {
        var levels = new Stack<Type>();
        for (var type = value.GetType(); type is not null && type.Assembly != typeof(object).Assembly; type = type.BaseType)
        {
            levels.Push(type);
        }

        var shown = new global::System.Collections.Generic.Dictionary<string, string>();
        foreach (var member in levels.SelectMany(level => level.GetMembers(Own)))
        {
            if (member is PropertyInfo { CanRead: true } property && property.GetIndexParameters().Length == 0
                && property.Name != "EqualityContract" && !property.Name.Contains('.', StringComparison.Ordinal))
            {
                shown[property.Name] = Of(property.GetValue(value));
            }
            else if (member is FieldInfo { IsPublic: true } field)
            {
                shown[field.Name] = Of(field.GetValue(value));
            }
        }

        return string.Join(" ", shown.Select(pair => $"{pair.Key}={pair.Value}"));
    }
}
