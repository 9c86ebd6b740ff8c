using System.Globalization;
using System.Text;
using Polywire.Params;

namespace Polywire.Actions;

/// <summary>The versions of one action, lowest first.</summary>
internal sealed class ActionVersions
{
    private readonly ActionDescriptor[] _versions;
    private readonly byte[][] _texts;

    public ActionVersions(IEnumerable<ActionDescriptor> versions)
    {
        _versions = [.. versions.OrderBy(action => action.Version)];
        _texts = [.. _versions.Select(action => Encoding.UTF8.GetBytes(action.Version.ToString()))];
    }

    /// <summary>What runs where no version was asked for (core.md P-7).</summary>
    public ActionDescriptor Latest => _versions[^1];

    public int Count => _versions.Length;

    public ActionDescriptor? Find(ParamValue version)
    {
        var text = version.Kind == ParamKind.Json && version.Bytes[0] == (byte)'"' ? version.Bytes[1..^1] : version.Bytes;
        for (var i = 0; i < _texts.Length; i++)
        {
            if (text.SequenceEqual(_texts[i]))
            {
                return _versions[i];
            }
        }

        // 1.0 and 1e0 are the number 1 too.
        return version.Kind == ParamKind.Json && version.Bytes[0] != (byte)'"'
            && double.TryParse(version.Bytes, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? Array.Find(_versions, action => action.Version.IsNumber && action.Version.Number.Equals(number))
                : null;
    }

    public ActionDescriptor? Find(string version) => Array.Find(_versions, action => action.Version.ToString() == version);
}
