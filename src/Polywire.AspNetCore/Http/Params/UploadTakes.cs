namespace Polywire.AspNetCore.Http.Params;

/// <summary>The names under which an action takes files.</summary>
internal sealed class UploadTakes
{
    private readonly HashSet<string>? _names;

    private UploadTakes(HashSet<string>? names) => _names = names;

    /// <summary>No file at all.</summary>
    public static UploadTakes Nothing { get; } = new([]);

    /// <summary>Files of any name.</summary>
    public static UploadTakes Everything { get; } = new(null);

    /// <summary>Whether there is any.</summary>
    public bool Any => _names is not { Count: 0 };

    /// <summary>What an action takes: inputs that are files or may be anything, any name where it says so or params are not scrubbed.</summary>
    public static UploadTakes Of(ActionDescriptor action, PolywireOptions options) =>
        options.DisableParamScrubbing || action.Metadata.OfType<AcceptsFilesAttribute>().Any()
            ? Everything
            : new UploadTakes([.. action.Inputs.Where(CanBeFile).Select(input => input.Name), .. options.SafeParams]);

    /// <summary>Whether a file of that name is wanted.</summary>
    public bool Allows(string name) =>
        _names is null || _names.Contains(name) || (_names.Contains("payload") && name.Length > 0 && name.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0);

    private static bool CanBeFile(InputDescriptor input) =>
        input.Type == "any"
        || (input.Constraints.TryGetValue("format", out var format) && format is "binary")
        || input is { Type: "array", ItemType: null, Members.Count: 0 };
}
