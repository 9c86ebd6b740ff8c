using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Polywire.AspNetCore.WebSockets.Upgrade;

/// <summary>Negotiates permessage-deflate (RFC 7692, 7.1) without context takeover on either side.</summary>
internal static class DeflateOffer
{
    private const string Accepted = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    private const string ServerBits = "server_max_window_bits";

    // What the framework's deflate uses; a smaller one cannot be promised.
    private const int WindowBits = 15;

    /// <summary>Takes the first of a client's offers that can be kept.</summary>
    /// <returns>What it is answered; null where there is none.</returns>
    public static string? Answer(in StringValues extensions)
    {
        foreach (var line in extensions)
        {
            foreach (var offer in (line ?? string.Empty).Split(','))
            {
                if (AnswerOne(offer) is { } answer)
                {
                    return answer;
                }
            }
        }

        return null;
    }

    private static string? AnswerOne(string offer)
    {
        var parts = offer.Split(';', StringSplitOptions.TrimEntries);
        if (!parts[0].Equals("permessage-deflate", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var name = (equals < 0 ? part : part[..equals]).Trim();
            var value = equals < 0 ? null : part[(equals + 1)..].Trim().Trim('"');
            var good = name.ToLowerInvariant() switch
            {
                "server_no_context_takeover" or "client_no_context_takeover" => value is null,
                "client_max_window_bits" => value is null || IsBits(value, 8),
                ServerBits => value is not null && IsBits(value, WindowBits),
                _ => false,
            };
            if (!good || !seen.Add(name))
            {
                return null;
            }
        }

        // Whoever limits the window has to be told that the limit is kept (RFC 7692, 7.1.2.1).
        return seen.Contains(ServerBits) ? $"{Accepted}; {ServerBits}={WindowBits}" : Accepted;
    }

    private static bool IsBits(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits >= least && bits <= WindowBits;
}
