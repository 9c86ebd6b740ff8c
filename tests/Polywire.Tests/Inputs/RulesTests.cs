using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Reflection;
using Polywire.Binding;
using Shouldly;
using Xunit;
using GeneratedInputs = Polywire.Generated.Polywire_Tests_Inputs;

namespace Polywire.Tests.Inputs;

public sealed class RulesTests
{
    private static readonly InputDescriptor[] Descriptors = GeneratedInputs.Polywire_Tests_Inputs_RulesAction_Input;
    private static readonly InputBinder<RulesAction.Input> Bind = GeneratedInputs.Bind_Polywire_Tests_Inputs_RulesAction_Input;

    public static TheoryData<string, string> Values => new()
    {
        { "Short", "abc" }, { "Short", "abcd" }, { "Short", "" },
        { "Between", "a" }, { "Between", "ab" }, { "Between", "abcde" }, { "Between", "abcdef" },
        { "Least", "a" }, { "Least", "ab" }, { "Most", "ab" }, { "Most", "abc" }, { "Length", "" }, { "Length", "a" }, { "Length", "abc" },
        { "LeastItems", "[1]" }, { "LeastItems", "[1,2]" }, { "MostItems", "[1,2]" }, { "MostItems", "[1,2,3]" },
        { "LengthItems", "[]" }, { "LengthItems", "[1]" }, { "LengthItems", "[1,2,3]" },
        { "MostPairs", "{\"a\":1}" }, { "MostPairs", "{\"a\":1,\"b\":2}" },
        { "Number", "0" }, { "Number", "1" }, { "Number", "10" }, { "Number", "11" },
        { "HalfNumber", "1" }, { "HalfNumber", "3" },
        { "Typed", "0.09" }, { "Typed", "0.10" }, { "Typed", "99.91" },
        { "Money", "0.001" }, { "Money", "0.01" }, { "Money", "1000000" }, { "Money", "1000000.01" },
        { "Open", "0" }, { "Open", "0.5" }, { "Open", "1" }, { "HalfOpen", "0" }, { "HalfOpen", "1" },
        { "Pattern", "ab" }, { "Pattern", "abcd" }, { "Pattern", "AB" }, { "Pattern", "" }, { "Pattern", "ab\n" },
        { "Whole", "a" }, { "Whole", "ab" }, { "Whole", "b" },
        { "Mail", "a@b" }, { "Mail", "a@b@c" }, { "Mail", "@b" }, { "Mail", "a@" }, { "Mail", "a" }, { "Mail", "" }, { "Mail", "a@b\n" },
        { "Link", "http://a" }, { "Link", "HTTPS://a" }, { "Link", "ftp://a" }, { "Link", "file://a" }, { "Link", "" },
        { "Word", "a" }, { "Word", "c" }, { "Tint", "Red" }, { "Tint", "DarkGreen" }, { "Denied", "x" }, { "Denied", "y" },
        { "Said", "a" }, { "Said", "ab" },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void JudgesAndSpeaksAsDataAnnotationsDo(string property, string value)
    {
        var name = char.ToLowerInvariant(property[0]) + property[1..];
        var member = typeof(RulesAction.Input).GetProperty(property).ShouldNotBeNull();
        var rule = member.GetCustomAttributes<ValidationAttribute>().Single();

        var bound = Sent.Texts((name, value)).Bind(Descriptors, Bind);

        if (bound.Error is null)
        {
            rule.IsValid(member.GetValue(bound.Value)).ShouldBeTrue();
        }
        else
        {
            rule.IsValid(Unchecked(member, value)).ShouldBeFalse();
            bound.Refused().ShouldBe(rule.FormatErrorMessage(name));
        }
    }

    [Theory]
    [InlineData("unsigned", "0", null)]
    [InlineData("unsigned", "11", "The field unsigned must be between -1 and 10.")]
    [InlineData("big", "18446744073709551615", "The field big must be between 0 and 100.")]
    [InlineData("unlimited", "79228162514264337593543950335", null)]
    [InlineData("figure", "2", null)]
    [InlineData("figure", "3", "The figure field does not equal any of the values specified in AllowedValuesAttribute.")]
    [InlineData("broken", "ab", "oops {")]
    [InlineData("free", "3", "The field free must be between 1 and 2.")]
    public void ComparesInTheInputsOwnType(string name, string value, string? refusal)
    {
        var bound = Sent.Texts((name, value)).Bind(Descriptors, Bind);

        if (refusal is null)
        {
            bound.Good();
        }
        else
        {
            bound.Refused().ShouldBe(refusal);
        }
    }

    [Fact]
    public void GivesUpOnAPatternThatTakesTooLong()
    {
        var clock = Stopwatch.StartNew();

        var bound = Sent.Texts(("slow", new string('a', 40))).Bind(Descriptors, Bind);

        bound.Refused().ShouldBe("The field slow must match the regular expression '(a+)+b'.");
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void DescribesLimitsInTheWordsOfJsonSchema()
    {
        Limits("short").ShouldBe(["maxLength=3"]);
        Limits("between").ShouldBe(["maxLength=5", "minLength=2"]);
        Limits("leastItems").ShouldBe(["minItems=2"]);
        Limits("mostPairs").ShouldBe(["maxProperties=1"]);
        Limits("number").ShouldBe(["maximum=10", "minimum=1"]);
        Limits("open").ShouldBe(["exclusiveMaximum=1", "exclusiveMinimum=0"]);
        Limits("money").ShouldBe(["maximum=1000000", "minimum=0.01"]);
        Limits("pattern").ShouldBe(["pattern=[a-z]{2,3}"]);
        Limits("mail").ShouldBe(["format=email"]);
        Descriptors.Single(one => one.Name == "word").Constraints["enum"].ShouldBe(new[] { "a", "b" });
        Descriptors.Single(one => one.Name == "tint").Constraints["enum"].ShouldBe(new[] { "Red" });
    }

    private static IEnumerable<string> Limits(string name) =>
        Descriptors.Single(one => one.Name == name).Constraints
            .Select(pair => FormattableString.Invariant($"{pair.Key}={pair.Value}"))
            .Order(StringComparer.Ordinal);

    // The value as it would have been bound, from a type without rules.
    private static object? Unchecked(PropertyInfo member, string value)
    {
        var type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        return type == typeof(string) ? value
            : type.IsEnum ? Enum.Parse(type, value)
            : System.Text.Json.JsonSerializer.Deserialize(value, type);
    }
}
