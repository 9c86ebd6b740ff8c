namespace Polywire;

/// <summary>Lets an action have files of any name that came with a request, from <see cref="IActionHttp.Files"/>.</summary>
/// <remarks>
/// Without it, files are stored for inputs alone that are an <see cref="UploadedFile"/>, a list of them, or may be anything; what else was
/// sent is passed over and never touches the disk.
/// </remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class AcceptsFilesAttribute : Attribute;
