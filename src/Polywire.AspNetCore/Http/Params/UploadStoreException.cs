namespace Polywire.AspNetCore.Http.Params;

/// <summary>The folder for uploads did not take a file: our fault, not the client's.</summary>
internal sealed class UploadStoreException(string folder, Exception cause)
    : Exception($"An upload could not be written to Polywire:Web:FormOptions:UploadDir ({folder}): {cause.Message}", cause);
