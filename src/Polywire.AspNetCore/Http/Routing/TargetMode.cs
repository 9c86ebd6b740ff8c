namespace Polywire.AspNetCore.Http.Routing;

/// <summary>What a path stands for before routes are looked at.</summary>
internal enum TargetMode
{
    /// <summary>An action.</summary>
    Action,

    /// <summary>A file.</summary>
    File,

    /// <summary>Nothing: the path of an action with a segment of dots, which others may take for another path.</summary>
    Nowhere,
}
