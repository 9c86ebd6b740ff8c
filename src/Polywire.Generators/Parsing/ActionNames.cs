using System.Globalization;
using Microsoft.CodeAnalysis;
using Polywire.Doors;

namespace Polywire.Generators.Parsing;

/// <summary>Names and versions of actions, as attributes give them.</summary>
internal static class ActionNames
{
    /// <summary>The name, which is the attribute's first argument; null or blank where that has been reported.</summary>
    public static string? Name(ParseContext context, INamedTypeSymbol owner, AttributeData attribute)
    {
        var name = attribute.ConstructorArguments.FirstOrDefault().Value as string;
        if (string.IsNullOrWhiteSpace(name))
        {
            context.Report(Diagnostics.EmptyName, attribute, Names.Short(owner), "name");
        }
        else if (VerbTable.Find(name!) != Verb.None)
        {
            context.Report(Diagnostics.VerbName, attribute, name!);
        }

        return name;
    }

    /// <summary>The version: an expression for it, what it is compared by, whether it is a word.</summary>
    public static (string Code, string Key, bool IsText) Version(ParseContext context, INamedTypeSymbol owner, AttributeData attribute)
    {
        var number = attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "Version").Value.Value as int? ?? 1;
        var text = attribute.NamedArguments.FirstOrDefault(pair => pair.Key == "TextVersion").Value;
        if (text.Value is not string word)
        {
            return ($"new {Api.ActionVersion}({Literals.Plain(number)})", number.ToString(CultureInfo.InvariantCulture), false);
        }

        if (string.IsNullOrWhiteSpace(word))
        {
            context.Report(Diagnostics.EmptyName, attribute, Names.Short(owner), "version");
        }

        var isNumber = double.TryParse(
            word, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value);
        return ($"{Api.ActionVersion}.Parse({Literals.Text(word)})", isNumber ? value.ToString(CultureInfo.InvariantCulture) : word, !isNumber);
    }
}
