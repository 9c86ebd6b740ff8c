namespace Polywire.Inputs;

/// <summary>An attribute of an input that calls a type statically, which only generated code can do without reflection.</summary>
internal interface IGeneratedRule
{
    /// <summary>The attribute as it is written.</summary>
    string Text { get; }
}
