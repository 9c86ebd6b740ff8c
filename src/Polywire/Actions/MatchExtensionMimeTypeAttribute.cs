namespace Polywire;

/// <summary>
/// Whether the extension of the path sets the content type of an action's answer on the web: <c>/api/charts/12.png</c> is answered as
/// <c>image/png</c>. Without it, it does.
/// </summary>
/// <remarks>
/// Only where a route of the action took the path, and where the action named no content type itself. Never a type that a browser runs or draws
/// as a document: pages, XML of any kind, SVG, scripts, style sheets, PDF.
/// </remarks>
/// <param name="enabled">Whether it does.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class MatchExtensionMimeTypeAttribute(bool enabled = true) : Attribute
{
    /// <summary>Whether the extension counts.</summary>
    public bool Enabled { get; } = enabled;
}
