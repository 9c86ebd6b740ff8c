namespace Polywire;

/// <summary>The web's side of a run: what is asked and answered beside params and body.</summary>
/// <remarks>Answer headers, cookies and status count until the run ends.</remarks>
public interface IActionHttp
{
    /// <summary>The request's method, upper case.</summary>
    string Method { get; }

    /// <summary>The route by which the action was found; <see langword="null"/> where the param <c>action</c> named it.</summary>
    MatchedRoute? MatchedRoute { get; }

    /// <summary>What follows the last dot of the path; <see langword="null"/> where there is none.</summary>
    string? Extension { get; }

    /// <summary>The request's cookies: names with case, values trimmed and undecoded, the last of one name. Never null.</summary>
    IReadOnlyDictionary<string, string> Cookies { get; }

    /// <summary>The answer's status; <see langword="null"/> takes 200, or the error's.</summary>
    int? StatusCode { get; set; }

    /// <summary>A request header's value; <see langword="null"/> where it was not sent.</summary>
    string? GetHeader(string name);

    /// <summary>A request cookie's value, undecoded; names with case; <see langword="null"/> where it was not sent.</summary>
    string? GetCookie(string name);

    /// <summary>Sets an answer header, replacing one of the same name.</summary>
    /// <exception cref="ArgumentException">Name or value has characters that headers cannot have.</exception>
    void SetHeader(string name, string value);

    /// <summary>Adds a cookie to the answer.</summary>
    /// <param name="name">The cookie's name.</param>
    /// <param name="value">Written as it is.</param>
    /// <param name="attributes">What follows the value, <c>Path=/; HttpOnly</c>; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A part has characters that headers cannot have.</exception>
    void SetCookie(string name, string value, string? attributes = null);
}
