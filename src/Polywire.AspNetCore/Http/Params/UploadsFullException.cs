namespace Polywire.AspNetCore.Http.Params;

/// <summary>All uploads together take as much of the disk as they may.</summary>
internal sealed class UploadsFullException : Exception;
