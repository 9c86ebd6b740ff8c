using System.Security.Cryptography;
using System.Text;

namespace Polywire.Redis.Scripts;

/// <summary>A Lua script that stands as a file beside this one. Immutable.</summary>
internal sealed class RedisScript
{
    private RedisScript(string name, string text)
    {
        Name = name;
        Text = text;
#pragma warning disable CA5350 // The name that Redis gives it, no protection.
        Hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350
    }

    /// <summary>Its name without the ending.</summary>
    public string Name { get; }

    public string Text { get; }

    /// <summary>The SHA-1 of its text, by which Redis knows it.</summary>
    public byte[] Hash { get; }

    /// <summary>Reads a script out of the assembly.</summary>
    /// <param name="name">Of the file, without the ending.</param>
    public static RedisScript Load(string name)
    {
        using var stream = typeof(RedisScript).Assembly.GetManifestResourceStream($"{name}.lua")
            ?? throw new InvalidOperationException($"The script {name}.lua is not in the assembly.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return new RedisScript(name, reader.ReadToEnd());
    }
}
