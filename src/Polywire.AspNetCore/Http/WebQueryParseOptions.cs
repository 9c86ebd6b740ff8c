namespace Polywire;

/// <summary>How the query is read.</summary>
public sealed class WebQueryParseOptions
{
    /// <summary>What stands between pairs; <c>&amp;</c> by default.</summary>
    public string Delimiter { get; set; } = "&";

    /// <summary>Pairs that are looked at, 1 to 100,000; 1000 by default, the rest is dropped.</summary>
    public int ParameterLimit { get; set; } = 1000;

    /// <summary>Levels below the first key, 0 to 32; 5 by default, what is deeper stays one key.</summary>
    public int Depth { get; set; } = 5;

    /// <summary>The largest index that makes a list, 0 to 10,000; 20 by default. A larger one makes an object.</summary>
    public int ArrayLimit { get; set; } = 20;

    /// <summary>Whether dots nest, <c>a.b=1</c>; <see langword="false"/> by default.</summary>
    public bool AllowDots { get; set; }

    /// <summary>Whether commas part a list, <c>a=1,2</c>; <see langword="false"/> by default.</summary>
    public bool Comma { get; set; }
}
