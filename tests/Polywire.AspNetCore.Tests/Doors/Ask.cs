using System.Text.Json.Nodes;

namespace Polywire.AspNetCore.Tests.Doors;

/// <summary>A request before any door has words for it.</summary>
/// <param name="IsAction">Whether it runs an action; else a verb.</param>
/// <param name="Name">The action or the verb.</param>
/// <param name="Arguments">Names and values, in the order of a line.</param>
internal sealed record Ask(bool IsAction, string Name, params (string Name, string Value)[] Arguments)
{
    public static Ask Verb(string name, params (string, string)[] arguments) => new(false, name, arguments);

    public static Ask Action(string name, params (string, string)[] parameters) => new(true, name, parameters);

    /// <summary>Whether the connection is over then.</summary>
    public bool Ends => Name is "quit" or "exit" or "closesAndWaits";

    /// <summary>The value of an argument; null where there is none.</summary>
    public string? this[string name] => Arguments.FirstOrDefault(argument => argument.Name == name).Value;

    /// <summary>An object that has the arguments behind what stands first.</summary>
    public JsonObject Members(string first, string value)
    {
        var members = new JsonObject { [first] = value };
        foreach (var (name, text) in Arguments)
        {
            members[name] = text;
        }

        return members;
    }
}
