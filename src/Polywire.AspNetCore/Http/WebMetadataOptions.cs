namespace Polywire;

/// <summary>What answers tell beside the action's own keys.</summary>
public sealed class WebMetadataOptions
{
    /// <summary>Whether answers have <c>serverInformation</c>; <see langword="null"/> (default) is yes everywhere but in Production.</summary>
    public bool? ServerInformation { get; set; }

    /// <summary>Whether answers have <c>requesterInformation</c>; <see langword="null"/> (default) is yes everywhere but in Production.</summary>
    /// <remarks>In configuration <c>RequestorInformation</c>, as older applications spell it, will do.</remarks>
    public bool? RequesterInformation { get; set; }
}
