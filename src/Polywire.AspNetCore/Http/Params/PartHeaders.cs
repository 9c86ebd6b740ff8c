using System.Buffers;
using System.Text;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>The headers of one part that mean something: unfolded (RFC 5322, 2.2.3), each at most once.</summary>
internal sealed class PartHeaders
{
    // Names are tokens (RFC 9110, 5.6.2).
    private static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    private string? _name;
    private StringBuilder? _value;

    /// <summary>What the part is, with its name; null where it does not say.</summary>
    public HeaderParameters? Disposition { get; private set; }

    /// <summary>The type of its content; null where it does not say.</summary>
    public string? ContentType { get; private set; }

    /// <summary>How its content is written, lower case; null where it does not say.</summary>
    public string? Encoding { get; private set; }

    /// <summary>Adds a line without its end.</summary>
    /// <exception cref="InvalidDataException">It is no header, and does not go on with one.</exception>
    public void Add(ReadOnlySpan<byte> line)
    {
        if (HasControls(line))
        {
            throw new InvalidDataException("A header of a part has control characters.");
        }

        if (line[0] is (byte)' ' or (byte)'\t')
        {
            if (_value is null)
            {
                throw new InvalidDataException("The first header of a part begins with a blank.");
            }

            _value.Append(System.Text.Encoding.UTF8.GetString(line));
            return;
        }

        Complete();
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(NameBytes))
        {
            throw new InvalidDataException("A line among the headers of a part is no header.");
        }

        _name = System.Text.Encoding.ASCII.GetString(line[..colon]);
        _value = new StringBuilder(System.Text.Encoding.UTF8.GetString(line[(colon + 1)..]));
    }

    /// <summary>Takes the last header, after which none comes.</summary>
    /// <exception cref="InvalidDataException">It is there already, or cannot be read.</exception>
    public void Complete()
    {
        if (_name is null)
        {
            return;
        }

        var value = _value!.ToString().Trim(' ', '\t');
        var isNew = true;
        if (_name.Equals("Content-Disposition", StringComparison.OrdinalIgnoreCase))
        {
            isNew = Disposition is null;
            Disposition = HeaderParameters.Parse(value) ?? throw new InvalidDataException("The disposition of a part cannot be read.");
        }
        else if (_name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
        {
            isNew = ContentType is null;
            ContentType = value;
        }
        else if (_name.Equals("Content-Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
        {
            isNew = Encoding is null;
            Encoding = value.ToLowerInvariant();
        }

        if (!isNew)
        {
            // Two readers would take two.
            throw new InvalidDataException("A part has a header twice.");
        }

        _name = null;
        _value = null;
    }

    private static bool HasControls(ReadOnlySpan<byte> line)
    {
        foreach (var value in line)
        {
            if (value is (< (byte)' ' and not (byte)'\t') or 0x7f)
            {
                return true;
            }
        }

        return false;
    }
}
