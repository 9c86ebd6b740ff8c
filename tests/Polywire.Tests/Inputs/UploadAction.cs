namespace Polywire.Tests.Inputs;

[Action("upload")]
internal sealed class UploadAction : NothingAction<UploadAction.Input>
{
    internal sealed record Input
    {
        public required UploadedFile File { get; init; }

        public UploadedFile? Other { get; init; }

        public IReadOnlyList<UploadedFile> Several { get; init; } = [];

        public object? Anything { get; init; }
    }
}
