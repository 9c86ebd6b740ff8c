using System.Text;
using System.Text.Json;
using Polywire.Binding;
using Polywire.Params;

namespace Polywire.Tests.Fakes;

/// <summary>Actions made by hand, without generated code.</summary>
internal static class Act
{
    /// <summary>An action whose input is nothing but the raw params.</summary>
    public static ActionDescriptor<Empty, TOutput> Of<TOutput>(
        string name, Func<ActionContext, CancellationToken, ValueTask<TOutput>> run, string version = "1") =>
        new(name, ActionVersion.Parse(version), _ => new Lambda<TOutput>(run), static (ref InputReader _) => Empty.Instance);

    /// <summary>An action that answers at once.</summary>
    public static ActionDescriptor<Empty, TOutput> Sync<TOutput>(string name, Func<ActionContext, TOutput> run, string version = "1") =>
        Of(name, (context, _) => new ValueTask<TOutput>(run(context)), version);

    /// <summary>An action with inputs that are only declared.</summary>
    public static ActionDescriptor Declaring(string name, params string[] inputs) =>
        Declaring(name, [.. inputs.Select(input => new InputDescriptor(input))]);

    /// <inheritdoc cref="Declaring(string, string[])"/>
    public static ActionDescriptor Declaring(string name, params InputDescriptor[] inputs)
    {
        var action = Sync(name, context => context.Params.ToDictionary(pair => pair.Key, pair => pair.Value));
        action.Inputs = inputs;
        return action;
    }

    /// <summary>The params of a JSON object as a transport reads them.</summary>
    public static ParamSet Set(string json)
    {
        var set = ParamSet.Rent();
        var bytes = set.Load(new System.Buffers.ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json)));
        var reader = new Utf8JsonReader(bytes);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }

        return set;
    }

    private sealed class Lambda<TOutput>(Func<ActionContext, CancellationToken, ValueTask<TOutput>> run) : IAction<Empty, TOutput>
    {
        public ValueTask<TOutput> RunAsync(Empty input, ActionContext context, CancellationToken cancellationToken) =>
            run(context, cancellationToken);
    }
}

/// <summary>An input without members.</summary>
internal sealed record Empty
{
    public static Empty Instance { get; } = new();
}

/// <summary>An answer that says that something was done.</summary>
internal sealed record Done(string What);
