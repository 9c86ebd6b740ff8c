#if POLYWIRE_SOCKHOP
namespace Polywire.Sockhop.Protocol;
#else
namespace Polywire.AspNetCore.Sockets;
#endif

/// <summary>Tells by the first line of a connection whether its peer speaks HTTP or TLS at a door that does not.</summary>
/// <remarks>
/// Any web page can have a browser send an HTTP request to any port, also one that only this machine or network can reach, and the lines of its
/// body are the page's to choose. Each byte is looked at once, however it comes, and none is kept. A mutable struct; do not copy it.
/// </remarks>
internal struct FirstLine
{
    private Part _part;
    private byte _matched;

    private enum Part : byte
    {
        Start,
        Method,
        TargetStart,
        Target,
        Path,
        Version,
        TlsVersion,
        TlsMinorVersion,
        Over,
    }

    /// <summary>Whether it is known what the first line is.</summary>
    public readonly bool IsOver => _part == Part.Over;

    /// <summary>Whether a method and the beginning of a path have come: where lines end otherwise than in HTTP, a path may have whole lines in it.</summary>
    public readonly bool IsInPath => _part == Part.Path;

    /// <summary>Looks at what has come since the last look.</summary>
    /// <returns>Not <see cref="FirstLineKind.Open"/> once it is known.</returns>
    public FirstLineKind Look(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty && _part != Part.Over)
        {
            if (_part is Part.Target or Part.Path)
            {
                var end = bytes.IndexOfAny((byte)' ', (byte)'\r', (byte)'\n');
                if (end < 0)
                {
                    return FirstLineKind.Open;
                }

                bytes = bytes[end..];
            }

            if (Take(bytes[0]) is var kind and not FirstLineKind.Open)
            {
                _part = Part.Over;
                return kind;
            }

            bytes = bytes[1..];
        }

        return IsOver ? FirstLineKind.Usual : FirstLineKind.Open;
    }

    private FirstLineKind Take(byte value)
    {
        switch (_part)
        {
            case Part.Start when value is (byte)'\r' or (byte)'\n':
                return FirstLineKind.Open;
            case Part.Start when value is >= (byte)'A' and <= (byte)'Z':
                return GoOn(Part.Method);
            case Part.Start when value == 0x16:
                return GoOn(Part.TlsVersion);
            case Part.Method when value is (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'-' or (byte)'_':
                return FirstLineKind.Open;
            case Part.Method when value == ' ':
                return GoOn(Part.TargetStart);
            case Part.TargetStart when value == '/':
                return GoOn(Part.Path);
            case Part.TargetStart when value is not (byte)' ' and not (byte)'\r' and not (byte)'\n':
                return GoOn(Part.Target);
            case Part.Target or Part.Path when value == ' ':
                return GoOn(Part.Version);
            case Part.Version when _matched < 5 && value == "HTTP/"u8[_matched]:
                _matched++;
                return FirstLineKind.Open;
            case Part.Version when _matched == 5 && value is >= (byte)'0' and <= (byte)'9':
                return FirstLineKind.Http;
            case Part.TlsVersion when value == 3:
                return GoOn(Part.TlsMinorVersion);
            case Part.TlsMinorVersion when value <= 4:
                return FirstLineKind.Tls;
            default:
                return FirstLineKind.Usual;
        }
    }

    private FirstLineKind GoOn(Part part)
    {
        _part = part;
        return FirstLineKind.Open;
    }
}
