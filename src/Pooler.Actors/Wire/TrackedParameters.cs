using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text;

namespace Pooler.Actors.Wire;

/// <summary>
/// The names of the parameters whose value follows a client from server to server, in the order in which the welcome reports them. Immutable and
/// shared by all connections of a process. It also shares the values: thousands of clients have the same few, and these exist once. Safe for all threads.
/// </summary>
public sealed class TrackedParameters
{
    /// <summary>The parameter that the pooler may extend by the client's address.</summary>
    public const string ApplicationName = "application_name";

    // Of values that are longer, few are alike.
    private const int LongestShared = 1 << 14;

    // Sets of values of which clients have the same; each has one place, from its values.
    private const int SharedSets = 64;

    private static readonly string[] BuiltIn = ["DateStyle", "client_encoding", "TimeZone", "standard_conforming_strings", ApplicationName];

    // Their values are or contain names; those of all others are words, numbers and the like.
    private static readonly string[] CaseSensitive = [ApplicationName, "search_path", "session_authorization", "role"];

    private readonly byte[][] _wireNames;
    private readonly bool[] _caseMatters;
    private readonly SharedTexts _shared = new();
    private readonly string?[]?[] _sets = new string?[SharedSets][];

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
        _caseMatters = [.. Names.Select(name => CaseSensitive.Contains(name, StringComparer.OrdinalIgnoreCase))];
        ApplicationNameIndex = IndexOf(ApplicationName);
        ClientEncodingIndex = IndexOf("client_encoding");
        SearchPathIndex = IndexOf("search_path");
    }

    /// <summary>The names in order, spelt as they are sent.</summary>
    public ImmutableArray<string> Names { get; }

    public int Count => Names.Length;

    /// <summary>Index of application_name.</summary>
    public int ApplicationNameIndex { get; }

    /// <summary>Index of client_encoding.</summary>
    internal int ClientEncodingIndex { get; }

    /// <summary>Index of search_path, -1 when it is not tracked. Its value is a list and is not quoted as a whole.</summary>
    internal int SearchPathIndex { get; }

    /// <summary>Whether two values that differ in case alone are two values.</summary>
    internal bool CaseMatters(int index) => _caseMatters[index];

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

    /// <summary>The value as a string that is shared with every equal value, unless it is very long.</summary>
    public string Share(ReadOnlySpan<byte> value)
    {
        const int Short = 64;
        if (value.Length > LongestShared)
        {
            return WireText.Decode(value);
        }

        if (value.Length > Short || !Ascii.IsValid(value))
        {
            return _shared.Share(WireText.Decode(value));
        }

        Span<char> characters = stackalloc char[Short];
        Ascii.ToUtf16(value, characters, out var written);
        return _shared.Share(characters[..written]);
    }

    /// <summary>An array with the same values, which others may have too: nobody may change it from now on.</summary>
    internal string?[] Share(string?[] values)
    {
        var hash = 0;
        foreach (var value in values)
        {
            hash = (hash * 31) + RuntimeHelpers.GetHashCode(value);
        }

        // Whoever writes at the same time only loses a chance to share.
        ref var place = ref _sets[(uint)hash % SharedSets];
        if (place is { } shared && shared.AsSpan().SequenceEqual(values))
        {
            return shared;
        }

        place = values;
        return values;
    }
}
