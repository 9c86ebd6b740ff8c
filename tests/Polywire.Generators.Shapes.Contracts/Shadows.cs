using System.ComponentModel.DataAnnotations;
using Shapes.Support;

// Types of the application that are called like the framework's and the library's, where every file of the project sees them.
internal class Regex;
internal class RegexOptions;
internal class Array;
internal class TimeSpan;
internal class InputValue;
internal class InputReader;
internal class InputConvert;
internal class InputRules;
internal class InputDescriptor;
internal class ActionDescriptor;
internal class ActionVersion;
internal class Dictionary;
internal class Dictionary<TKey, TValue>;
internal class KeyValuePair<TKey, TValue>;
internal class ICollection<T>;
internal class MaybeNullWhen;
internal class MaybeNullWhenAttribute;
internal class GeneratedCode;
internal class ServiceProviderServiceExtensions;
internal class MemoryExtensions;
internal class ReadOnlySpan<T>;
internal class Task;
internal class ValueTask<T>;
internal class CancellationToken;
internal class String;
internal class Object;
internal class Int32;
internal class Nullable;
internal class Nullable<T>;
internal class JsonElement;
internal class Math;
internal class Obsolete;
internal class Experimental;
internal class UnsafeAccessor;
internal class UnsafeAccessorKind;
internal class PreProcessorStep;
internal class IPolywireBuilder;
internal class DayOfWeek;
internal class Uri;

namespace Shapes.Shadows
{
    [Action("shadow: the application's own"), Given("""{"a":{},"b":{},"c":{},"d":{},"e":{}}""", "A=() B=() C=() D=() E=()")]
    internal class Own : Shape<Own.In> { public record In(global::TimeSpan A, global::Uri B, global::DayOfWeek C, global::Array D, global::JsonElement E); }

    [Action("shadow: both of one name"), Given("""{"a":{},"b":"00:00:10","c":[{}],"d":["friday"],"e":{},"f":"friday"}""", "A=() B=00:00:10 C=[()] D=[Friday] E=() F=Friday")]
    internal class Both : Shape<Both.In> { public record In(global::TimeSpan A, System.TimeSpan B, global::DayOfWeek[] C, System.DayOfWeek[] D, global::DayOfWeek E, System.DayOfWeek F); }

    [Action("shadow: every kind of input"), Given("""{"a":"ab","b":1,"c":[1],"d":{"x":1},"e":"friday","f":null,"g":"00:00:01","h":["x"]}""", "A=ab B=1 C=[1] D={x: 1} E=Friday F=null G=00:00:01 H=[x] I=0"), Refused("""{"a":"1","b":1,"c":[],"d":{},"e":"friday","g":"00:00:01","h":[]}""", "The field a must match the regular expression '[a-z]+'.")]
    internal class Kinds : Shape<Kinds.In>
    {
        public class Tags : List<string>;
        public record In([property: RegularExpression("[a-z]+")] string A, [property: Range(0, 9)] int B, int[] C, System.Collections.Generic.Dictionary<string, int> D, System.DayOfWeek E, System.DayOfWeek? F, System.TimeSpan G, Tags H) { public int I { get; init; } }
    }

    [Action("shadow: settings", Description = "d"), Timeout("00:00:10"), LogAs(Microsoft.Extensions.Logging.LogLevel.Debug), BlockTransport(Transports.Sockhop), Use<Around>, Given("{}", "")]
    internal class Settings(IServiceProvider services, TimeProvider time) : Shape<Settings.In>
    {
        public record In;
        public object Kept => (services, time);
    }

    internal class Around : IActionMiddleware { public System.Threading.Tasks.ValueTask InvokeAsync(ActionContext context, ActionDelegate next) => next(context); }
}

namespace Own.System
{
    [Action("shadow: a namespace called System"), Given("""{"a":{"x":1},"b":[{"x":2}]}""", "A=(X=1) B=[(X=2)]")]
    internal class Inside : Shape<Inside.In> { public record TimeSpan(int X); public record In(TimeSpan A, TimeSpan[] B); }
}

namespace Own.Polywire.Binding
{
    [Action("shadow: a namespace called Polywire"), Given("""{"a":{"x":1}}""", "A=(X=1)")]
    internal class Inside : Shape<Inside.In> { public record InputReader(int X); public record In(InputReader A); }
}

namespace Polywire.Generated
{
    [Action("shadow: the generated namespace"), Given("""{"a":{"x":1}}""", "A=(X=1)")]
    internal class Inside : Shape<Inside.In> { public record InputConvert(int X); public record In(InputConvert A); }
}

namespace Microsoft.Own
{
    [Action("shadow: a namespace of Microsoft's"), Given("""{"a":{"x":1},"b":2}""", "A=(X=1) B=2")]
    internal class Inside : Shape<Inside.In> { public record Item(int X); public record In(Item A) { public int B { get; init; } } }
}

namespace System.Own
{
    [Action("shadow: a namespace of System's"), Given("""{"a":{"x":1},"b":[{"x":2}]}""", "A=(X=1) B=[(X=2)]")]
    internal class Inside : Shape<Inside.In> { public record Item(int X); public record In(Item A, Item[] B); }
}
