using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Polywire.Routing;

namespace Polywire;

/// <summary>Says more of an action that was mapped by hand; until the host starts, and then throws an <see cref="InvalidOperationException"/>.</summary>
public sealed class ActionBuilder
{
    /// <summary>Makes the builder of an action that is not yet frozen.</summary>
    [Experimental("PWX0001")]
    public ActionBuilder(ActionDescriptor action) => Action = action;

    internal ActionDescriptor Action { get; }

    /// <summary>Sets the description that the documentation shows.</summary>
    public ActionBuilder WithDescription(string description)
    {
        Action.Description = description;
        return this;
    }

    /// <summary>Sets a numbered version; 1 where not called.</summary>
    public ActionBuilder WithVersion(int version)
    {
        Action.Version = new ActionVersion(version);
        return this;
    }

    /// <summary>Sets a version from its text.</summary>
    public ActionBuilder WithVersion(string version)
    {
        Action.Version = ActionVersion.Parse(version);
        return this;
    }

    /// <summary>Lets connections of some transports run the action, and no others; see <see cref="AllowTransportAttribute"/>.</summary>
    public ActionBuilder AllowTransport(Transports transports)
    {
        Action.AllowedTransports = transports;
        return this;
    }

    /// <summary>Refuses the action to connections of some transports.</summary>
    public ActionBuilder BlockTransport(Transports transports)
    {
        Action.BlockedTransports = transports;
        return this;
    }

    /// <summary>Sets the deadline of a run; zero for none.</summary>
    public ActionBuilder WithTimeout(TimeSpan timeout)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, TimeSpan.Zero);
        Action.Timeout = timeout;
        return this;
    }

    /// <summary>Sets the level of the log line.</summary>
    public ActionBuilder LogAs(LogLevel level)
    {
        Action.LogLevel = level;
        return this;
    }

    /// <summary>Sets an example of the answer for the documentation.</summary>
    public ActionBuilder WithOutputExample(object example)
    {
        Action.OutputExample = example;
        return this;
    }

    /// <summary>Adds objects that middleware can find in <see cref="ActionDescriptor.Metadata"/>.</summary>
    public ActionBuilder WithMetadata(params object[] metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        Action.Metadata = [.. Action.Metadata, .. metadata];
        return this;
    }

    /// <summary>Gives the action a path on the web, below the prefix of actions.</summary>
    /// <param name="methods">The methods it answers.</param>
    /// <param name="path">Segments with variables: <c>/users/{id}</c>, <c>/users/:id</c>, <c>/users/:id(^\d+$)</c>, <c>/files/{*path}</c>.</param>
    /// <param name="matchTrailingPathParts">Whether the last part takes all that follows.</param>
    public ActionBuilder WithRoute(RouteMethods methods, string path, bool matchTrailingPathParts = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        Action.Metadata = [.. Action.Metadata, new MappedRoute(methods, path) { MatchTrailingPathParts = matchTrailingPathParts }];
        return this;
    }

    /// <summary>Says whether the extension of the path sets the content type of the answer on the web; it does where not called.</summary>
    public ActionBuilder MatchExtensionMimeType(bool enabled = true) => WithMetadata(new MatchExtensionMimeTypeAttribute(enabled));

    /// <summary>Leaves the action out of the documentation.</summary>
    public ActionBuilder Undocumented()
    {
        Action.Documented = false;
        return this;
    }
}
