using System.Security.Cryptography;

namespace Polywire.AspNetCore.Http.Params;

/// <summary>Decodes base64 and refuses what ends within a group of four, which the framework's own would leave out in silence.</summary>
internal sealed class WholeBase64 : ICryptoTransform
{
    private readonly FromBase64Transform _inner = new(FromBase64TransformMode.IgnoreWhiteSpaces);
    private long _digits;

    public bool CanReuseTransform => false;

    public bool CanTransformMultipleBlocks => _inner.CanTransformMultipleBlocks;

    public int InputBlockSize => _inner.InputBlockSize;

    public int OutputBlockSize => _inner.OutputBlockSize;

    public int TransformBlock(byte[] inputBuffer, int inputOffset, int inputCount, byte[] outputBuffer, int outputOffset)
    {
        Count(inputBuffer.AsSpan(inputOffset, inputCount));
        return _inner.TransformBlock(inputBuffer, inputOffset, inputCount, outputBuffer, outputOffset);
    }

    /// <exception cref="FormatException">It is not base64, or not whole.</exception>
    public byte[] TransformFinalBlock(byte[] inputBuffer, int inputOffset, int inputCount)
    {
        Count(inputBuffer.AsSpan(inputOffset, inputCount));
        return _digits % 4 == 0
            ? _inner.TransformFinalBlock(inputBuffer, inputOffset, inputCount)
            : throw new FormatException("The base64 ends within a group of four characters.");
    }

    public void Dispose() => _inner.Dispose();

    private void Count(ReadOnlySpan<byte> text)
    {
        foreach (var character in text)
        {
            _digits += character > ' ' ? 1 : 0;
        }
    }
}
