using System.Collections;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;

namespace Polywire.Hosting;

/// <summary>The settings that exist below configuration section <c>Polywire</c>, so that others can be told.</summary>
/// <remarks>Filled while services are registered, read when the host starts.</remarks>
[Experimental("PWX0001")]
public sealed class KnownSettings
{
    private readonly Dictionary<string, Dictionary<string, bool>> _sections = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _times = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>The full paths below <c>Polywire</c> of all settings that are time spans.</summary>
    public IEnumerable<string> Times => _times;

    /// <summary>Finds the one of an application, or adds it.</summary>
    public static KnownSettings Of(IServiceCollection services)
    {
        var known = services.Select(static service => service.ImplementationInstance).OfType<KnownSettings>().FirstOrDefault();
        if (known is null)
        {
            known = new KnownSettings();
            services.AddSingleton(known);
        }

        return known;
    }

    /// <summary>Adds a section that is bound to a type. Types of its members that have settings of their own are added by calls of their own.</summary>
    /// <param name="section">Below <c>Polywire</c>: empty for that itself, <c>Socket:Certificate</c>.</param>
    public KnownSettings Add<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicProperties)] TOptions>(string section)
    {
        var names = NamesOf(section);
        foreach (var property in typeof(TOptions).GetProperties())
        {
            var isList = property.PropertyType != typeof(string) && property.PropertyType.IsAssignableTo(typeof(IEnumerable));
            if ((property.CanWrite || isList) && !property.PropertyType.IsAssignableTo(typeof(Delegate)))
            {
                names[property.Name] = isList;
                if (property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?))
                {
                    _times.Add(Join(section, property.Name));
                }
            }
        }

        return Add(section);
    }

    /// <summary>Adds names below which anything may stand.</summary>
    public KnownSettings AddFree(string section, params ReadOnlySpan<string> names)
    {
        var all = NamesOf(section);
        foreach (var name in names)
        {
            all.TryAdd(name, true);
        }

        return this;
    }

    /// <summary>Whether a section has settings, and which; each with whether anything may stand below it.</summary>
    public bool TryGet(string section, [NotNullWhen(true)] out IReadOnlyDictionary<string, bool>? names)
    {
        var found = _sections.TryGetValue(section, out var all);
        names = all;
        return found;
    }

    /// <summary>The full paths below <c>Polywire</c> of all settings of a name.</summary>
    public IEnumerable<string> PathsOf(string name) =>
        _sections.Where(section => section.Value.ContainsKey(name)).Select(section => Join(section.Key, section.Value.Keys.First(key => key.Equals(name, StringComparison.OrdinalIgnoreCase))));

    /// <summary>Puts the name of a setting behind its section.</summary>
    public static string Join(string section, string name) => section.Length == 0 ? name : $"{section}:{name}";

    // A section is a name in the one above it.
    private KnownSettings Add(string section)
    {
        if (section.Length > 0)
        {
            var cut = section.LastIndexOf(':');
            NamesOf(cut < 0 ? string.Empty : section[..cut])[section[(cut + 1)..]] = false;
        }

        return this;
    }

    private Dictionary<string, bool> NamesOf(string section)
    {
        if (!_sections.TryGetValue(section, out var names))
        {
            names = new Dictionary<string, bool>(StringComparer.OrdinalIgnoreCase);
            _sections.Add(section, names);
        }

        return names;
    }
}
