using Microsoft.CodeAnalysis;

namespace Polywire.Generators;

/// <summary>Everything the generator can complain of. An id is never used twice; docs/diagnostics.md explains each.</summary>
internal static class Diagnostics
{
    private const string Category = "Polywire";

    public static readonly DiagnosticDescriptor DuplicateAction = Error(
        "PW0001", "Two actions with one name and version", "Action '{0}' version {1} is already defined by {2}");

    public static readonly DiagnosticDescriptor VerbName = Error(
        "PW0002", "An action is named like a verb", "'{0}' is a reserved verb for connections; choose another name");

    public static readonly DiagnosticDescriptor EmptyName = Error(
        "PW0003", "An action without a name", "{0} needs a {1} that is not empty");

    public static readonly DiagnosticDescriptor ReservedInput = Error(
        "PW0004", "An input is named like a param of the framework", "Input '{0}' of {1} is a reserved param");

    public static readonly DiagnosticDescriptor UnboundType = Error(
        "PW0005", "An input that cannot be bound", "'{0}' of {1} cannot be bound: {2}");

    public static readonly DiagnosticDescriptor NotAnAction = Error(
        "PW0006", "[Action] on a class that is none", "{0} must implement IAction<TInput, TOutput> or IAction<TOutput> exactly once");

    public static readonly DiagnosticDescriptor UnusableClass = Error(
        "PW0007", "An action that cannot be made", "{0} cannot be an action: {1}");

    public static readonly DiagnosticDescriptor Constructors = Error(
        "PW0008", "An action without exactly one public constructor", "{0} must have exactly one public constructor, it has {1}");

    public static readonly DiagnosticDescriptor WrongAttribute = Error(
        "PW0009", "An attribute that does not fit its input", "[{0}] does not fit '{1}' of {2}: {3}");

    public static readonly DiagnosticDescriptor WrongStep = Error(
        "PW0010", "A formatter or validator for another type", "{0} does not implement {1} and cannot be used for '{2}' of {3}");

    public static readonly DiagnosticDescriptor WrongPattern = Error(
        "PW0011", "A regular expression that is none", "The pattern of '{0}' of {1} is not a regular expression: {2}");

    public static readonly DiagnosticDescriptor WrongTimeout = Error(
        "PW0012", "A timeout that is no time span", "'{0}' is no time span such as \"00:00:10\", zero or more (hours 0 to 23; days as 1.00:00:00)");

    public static readonly DiagnosticDescriptor MixedVersions = Warning(
        "PW0013",
        "Numbers and words as versions of one action",
        "Action '{0}' has both numbered versions and versions that are words; words count as later than every number");

    public static readonly DiagnosticDescriptor NoJsonMetadata = Warning(
        "PW0014",
        "An answer without JSON metadata",
        "JSON reflection is off and no JsonSerializerContext of this project covers '{0}', which {1} answers; "
        + "add [JsonSerializable(typeof({0}))] to one");

    public static readonly DiagnosticDescriptor LostAttribute = Warning(
        "PW0015",
        "An attribute that middleware will not see",
        "[{0}] of {1} cannot be repeated in generated code, so it is not among the action's Metadata");

    public static readonly DiagnosticDescriptor SameInput = Error(
        "PW0016", "Two inputs with one name", "{0} has two inputs called '{1}'");

    public static readonly DiagnosticDescriptor UnusableInput = Error(
        "PW0017", "An input record that cannot be made", "{0} cannot be made from inputs: {1}");

    public static readonly DiagnosticDescriptor MethodName = Error(
        "PW0018", "A method name that is none", "PolywireAddActionsMethod is '{0}', which is no name for a method");

    public static readonly DiagnosticDescriptor UncheckedAttribute = Warning(
        "PW0019", "A validation attribute that is not checked", "[{0}] on '{1}' of {2} is not checked: {3}");

    public static readonly DiagnosticDescriptor UnheededAttribute = Warning(
        "PW0020", "An attribute that inputs do not heed", "[{0}] on {1} has no effect on inputs: {2}");

    public static readonly DiagnosticDescriptor NotPartial = Error(
        "PW0021", "A type of a contract that is not partial", "{0} must be partial, because the generator adds to it: write 'partial {1}'");

    public static readonly DiagnosticDescriptor UnusableContract = Error(
        "PW0022", "A contract that cannot be one", "{0} cannot be a contract: {1}");

    public static readonly DiagnosticDescriptor NamedTwice = Error(
        "PW0023",
        "A name beside that of the contract",
        "{0} has a name or version of its own, and its input has those of the contract {1}; write [Action] without them");

    public static readonly DiagnosticDescriptor Nameless = Error(
        "PW0024",
        "An action without a name and without a contract",
        "{0} has no name: write [Action(\"name\")], or let it take the input of a class with [ActionContract]");

    public static readonly DiagnosticDescriptor OtherAnswer = Error(
        "PW0025", "Another answer than that of the contract", "{0} answers '{1}', and its contract {2} says '{3}'");

    public static readonly DiagnosticDescriptor NoContractMetadata = Warning(
        "PW0026",
        "A contract without JSON metadata",
        "JSON reflection is off and no JsonSerializerContext of this project covers '{0}' of the contract {1}; "
        + "add [JsonSerializable(typeof({0}))] to one");

    private static DiagnosticDescriptor Error(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static DiagnosticDescriptor Warning(string id, string title, string message) =>
        new(id, title, message, Category, DiagnosticSeverity.Warning, isEnabledByDefault: true);
}
