namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The named statements of one client, by its own names. Made with the first one; holds a reference to each. Used on the loop's thread.
/// </summary>
internal sealed class ClientStatements
{
    private readonly Dictionary<byte[], PreparedStatement> _byName = new(ByteNames.Comparer);
    private bool _isOver;

    public int Count => _byName.Count;

    /// <summary>What the client means by this name; null: nothing.</summary>
    public PreparedStatement? Find(ReadOnlySpan<byte> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var statement) ? statement : null;

    /// <summary>The same, with the key under which it is kept.</summary>
    public PreparedStatement? Find(ReadOnlySpan<byte> name, out byte[] key) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out key!, out var statement) ? statement : null;

    /// <summary>Enters a statement together with the caller's reference to it.</summary>
    public void Add(byte[] name, PreparedStatement statement) => _byName.Add(name, statement);

    /// <summary>Takes a name out; the reference is the caller's then. Null: there was none.</summary>
    public PreparedStatement? Take(ReadOnlySpan<byte> name, out byte[] key) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out key!, out var statement) ? statement : null;

    /// <summary>Gives a name back to what it stood for, unless it stands for something else by now; the reference comes with it.</summary>
    public void PutBack(byte[] name, PreparedStatement statement)
    {
        if (_isOver || !_byName.TryAdd(name, statement))
        {
            statement.Release();
        }
    }

    /// <summary>Takes a name out if it is still the one that was given then, reference and all.</summary>
    public void Remove(byte[] name, PreparedStatement statement)
    {
        // A later request may have given the same name to the same statement.
        if (_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var key, out _) && ReferenceEquals(key, name))
        {
            _byName.Remove(name, out var current);
            current!.Release();
        }
    }

    /// <summary>
    /// A server has told the client the types of a statement's parameters. They are the client's from now on, whatever another server would find, or the same one for tables
    /// that have changed: it sends values of these types. Returns the statement that the name stands for then; null: there is nothing to change.
    /// </summary>
    public PreparedStatement? Fix(byte[] name, PreparedStatement statement, ReadOnlySpan<byte> types)
    {
        if (_isOver
            || !_byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var key, out var current)
            || !ReferenceEquals(key, name) || !ReferenceEquals(current, statement)
            || statement.WithTypes(types) is not { } typed)
        {
            return null;
        }

        _byName[key] = typed;
        statement.Release();
        return typed;
    }

    /// <summary>The server has carried out DEALLOCATE ALL or DISCARD ALL: all names are gone but those that were given behind it.</summary>
    public void Forget(Ledger ledger)
    {
        foreach (var (name, statement) in _byName)
        {
            if (!ledger.IsNaming(this, name))
            {
                _byName.Remove(name);
                statement.Release();
            }
        }
    }

    /// <summary>Gives everything back, at the client's end.</summary>
    public void Clear()
    {
        _isOver = true;
        foreach (var statement in _byName.Values)
        {
            statement.Release();
        }

        _byName.Clear();
    }
}
