using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text;

namespace Pooler.Actors.Wire;

/// <summary>
/// The names of the parameters whose value follows a client from server to server, in the order in which the welcome reports them. Immutable and
/// shared by all connections of a process. It also shares the value strings: thousands of clients have the same few values, and each distinct
/// short one exists once. Safe for all threads.
/// </summary>
public sealed class TrackedParameters
{
    /// <summary>The parameter that the pooler may extend by the client's address.</summary>
    public const string ApplicationName = "application_name";

    private const int MaxSharedLength = 64;
    private const int MaxSharedValues = 4096;
    private static readonly string[] BuiltIn = ["DateStyle", "client_encoding", "TimeZone", "standard_conforming_strings", ApplicationName];

    private readonly byte[][] _wireNames;
    private readonly ConcurrentDictionary<string, string> _shared = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _sharedBySpan;

    /// <summary>
    /// Adds these names (setting track_extra_parameters) to the ones that are always tracked; names that are there already are not added again.
    /// </summary>
    public TrackedParameters(IEnumerable<string> extraNames)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var name in BuiltIn.Concat(extraNames))
        {
            if (name.Length > 0 && !names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                names.Add(name);
            }
        }

        Names = names.ToImmutable();
        _wireNames = [.. Names.Select(WireText.Encode)];
        _sharedBySpan = _shared.GetAlternateLookup<ReadOnlySpan<char>>();
        ApplicationNameIndex = IndexOf(ApplicationName);
        SearchPathIndex = IndexOf("search_path");
    }

    /// <summary>The names in order, spelt as they are sent.</summary>
    public ImmutableArray<string> Names { get; }

    public int Count => Names.Length;

    /// <summary>Index of application_name.</summary>
    public int ApplicationNameIndex { get; }

    /// <summary>Index of search_path, -1 when it is not tracked. Its value is a list and is not quoted as a whole.</summary>
    internal int SearchPathIndex { get; }

    /// <summary>Index of the name in any case, -1 when it is not tracked.</summary>
    public int IndexOf(string name)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (string.Equals(Names[i], name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Index of the name in any case, -1 when it is not tracked.</summary>
    public int IndexOf(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < _wireNames.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(name, _wireNames[i]))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The value as a string that is shared with every equal value when it is short.</summary>
    public string Share(ReadOnlySpan<byte> value)
    {
        if (value.Length > MaxSharedLength || !Ascii.IsValid(value))
        {
            return WireText.Decode(value);
        }

        Span<char> characters = stackalloc char[MaxSharedLength];
        Ascii.ToUtf16(value, characters, out var written);
        characters = characters[..written];
        if (_sharedBySpan.TryGetValue(characters, out var shared))
        {
            return shared;
        }

        var added = characters.ToString();

        // The bound keeps clients that invent values from growing the table for ever.
        return _shared.Count < MaxSharedValues ? _shared.GetOrAdd(added, added) : added;
    }
}
