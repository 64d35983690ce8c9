namespace Pooler.Actors.Relay.State;

/// <summary>Names of what is there of one kind, in order. Beyond a number of them it only remembers that there is something; so it does without a name.</summary>
internal struct NameBag
{
    private const int Most = 1000;
    private const int Shown = 3;

    private List<string>? _names;
    private bool _hasOthers;

    public readonly bool IsEmpty => !_hasOthers && _names is not { Count: > 0 };

    /// <summary>Enters a name; null: something whose name is not known, which only <see cref="Clear"/> removes.</summary>
    public void Add(string? name)
    {
        if (name is null || _names is { Count: >= Most })
        {
            _hasOthers = true;
        }
        else if (_names is null || !_names.Contains(name))
        {
            (_names ??= []).Add(name);
        }
    }

    public readonly void Remove(string name) => _names?.Remove(name);

    public void Clear()
    {
        _names = null;
        _hasOthers = false;
    }

    /// <summary>The word for the kind with the first names behind it.</summary>
    public readonly string Describe(string word)
    {
        if (_names is not { Count: > 0 })
        {
            return word;
        }

        var more = _hasOthers || _names.Count > Shown ? ", ..." : "";
        return $"{word} {string.Join(", ", _names.Take(Shown))}{more}";
    }
}
