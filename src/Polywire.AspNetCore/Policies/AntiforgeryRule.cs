namespace Polywire.AspNetCore.Policies;

/// <summary>Whether requests of the web have to bring an antiforgery token to run an action.</summary>
internal sealed record AntiforgeryRule(bool IsRequired);
