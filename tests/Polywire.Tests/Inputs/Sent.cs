using System.Buffers;
using System.Text;
using System.Text.Json;
using Polywire.Binding;
using Polywire.Inputs;
using Polywire.Params;
using Shouldly;

namespace Polywire.Tests.Inputs;

/// <summary>Params as a transport would hand them over, and what binding makes of them.</summary>
internal static class Sent
{
    public static ParamSet Texts(params (string Name, string Value)[] values)
    {
        var set = ParamSet.Rent();
        foreach (var (name, value) in values)
        {
            set.Set(Encoding.UTF8.GetBytes(name), Encoding.UTF8.GetBytes(value), ParamKind.Text);
        }

        return set;
    }

    public static ParamSet Json(string json)
    {
        var set = ParamSet.Rent();
        var reader = new Utf8JsonReader(set.Load(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(json))));
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            set.AddMember(ref reader, 0);
        }

        return set;
    }

    public static Bound<T> Bind<T>(this ParamSet set, InputDescriptor[] inputs, InputBinder<T> bind)
    {
        var parameters = new ActionParams();
        parameters.Attach(set);
        var errors = new InputErrors();
        var reader = new InputReader(parameters, inputs, errors);
        var value = bind(ref reader);
        return new Bound<T>(value, errors.ToError(new ErrorCatalog()));
    }
}

/// <summary>What was bound, or why not.</summary>
internal sealed record Bound<T>(T Value, ActionError? Error)
{
    public T Good()
    {
        Error?.Message.ShouldBeNull();
        return Value;
    }

    public string Refused()
    {
        Error.ShouldNotBeNull().Status.ShouldBe(ActionStatus.ValidatorErrors);
        return Error.Message;
    }

    public string Missed()
    {
        Error.ShouldNotBeNull().Status.ShouldBe(ActionStatus.MissingParams);
        return Error.Message;
    }
}
