namespace Polywire.Generators.Models;

/// <summary>What the project says of the registration, and what decides over it.</summary>
/// <param name="Assembly">The assembly's name as an identifier.</param>
/// <param name="MethodName">The method; <c>AddActions</c> unless the project says otherwise.</param>
/// <param name="Access"><c>public</c> unless the project says <c>internal</c>.</param>
/// <param name="IsOffered">Whether a referenced assembly already has the method, so that an empty one would only be in its way.</param>
/// <param name="HasJsonReflection">Whether JSON reflection is on.</param>
/// <param name="IsServer">Whether the project knows servers; one that shares contracts alone has no actions to add.</param>
internal sealed record RegistrationModel(
    string Assembly, string MethodName, string Access, bool IsOffered, bool HasJsonReflection, bool IsServer)
{
    public string ClassName => ClassNameOf(Assembly);

    public static string ClassNameOf(string assembly) => assembly + "ActionsExtensions";
}
