using System.Text.RegularExpressions;
using System.Xml.Linq;
using Polywire.TestSupport;
using Shouldly;
using Xunit;

namespace Polywire.Guide.Tests;

/// <summary>What the guide puts into project files is there.</summary>
public sealed partial class ProjectFileTests
{
    [Fact]
    public void EveryFileOfTheRepositoryThatAProjectRefersToExists()
    {
        var named = GuidePage.Files.SelectMany(file => InCheckout().Matches(Text(file))).Select(match => match.Groups[1].Value).Distinct().ToArray();

        named.ShouldNotBeEmpty();
        named.Where(path => !File.Exists(Path.Combine(Repository.Root, path))).ShouldBeEmpty();
    }

    [Fact]
    public void EveryPackageHasTheVersionThatTheTestsHave()
    {
        var versions = XDocument.Load(Path.Combine(Repository.Root, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(package => package.Attribute("Include")!.Value, package => package.Attribute("Version")!.Value);

        foreach (var package in GuidePage.Files.SelectMany(file => Package().Matches(Text(file))))
        {
            versions[package.Groups[1].Value].ShouldBe(package.Groups[2].Value);
        }
    }

    [Fact]
    public void TheImportThatStandsForThePackageRefersToWhatThereIs()
    {
        var folder = Path.Combine(Repository.Root, "src");
        var props = XDocument.Load(Path.Combine(folder, "Polywire.FromSource.props"));

        props.Descendants("ProjectReference").Attributes("Include").Concat(props.Descendants("Import").Attributes("Project"))
            .Select(path => path.Value.Replace("$(MSBuildThisFileDirectory)", "", StringComparison.Ordinal))
            .Where(path => !File.Exists(Path.Combine(folder, path)))
            .ShouldBeEmpty();
    }

    private static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    [GeneratedRegex("\"\\.\\./polywire/([^\"]+)\"")]
    private static partial Regex InCheckout();

    [GeneratedRegex("<PackageReference Include=\"([^\"]+)\" Version=\"([^\"]+)\"")]
    private static partial Regex Package();
}
