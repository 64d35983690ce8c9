namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The named statements of one client, by its own names. Made with the first one; holds a reference to each. Used on the loop's thread.
/// </summary>
internal sealed class ClientStatements
{
    // A driver that gives its portals longer names has them described at its own risk.
    private const int LongestPortal = 24;

    private readonly Dictionary<byte[], NamedStatement> _byName = new(ByteNames.Comparer);
    private NamedStatement? _bound;
    private byte[] _portal = [];
    private int _portalLength;
    private bool _isOver;

    public int Count => _byName.Count;

    /// <summary>What follows the name in the Parse of the client's unnamed statement; null: it has none, or none that outlives its batch.</summary>
    public byte[]? Unnamed { get; set; }

    /// <summary>What the client has just bound, not having been told of the columns that it has now: the next request says whether the client asks. Null: that is no question.</summary>
    public PreparedStatement? Doubted { get; set; }

    /// <summary>What the client means by this name; null: nothing.</summary>
    public NamedStatement? Find(ReadOnlySpan<byte> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out var statement) ? statement : null;

    /// <summary>Enters a statement together with the caller's reference to it.</summary>
    public NamedStatement Add(ReadOnlySpan<byte> name, PreparedStatement statement)
    {
        var named = new NamedStatement(name.ToArray(), statement);
        _byName.Add(named.Name, named);
        return named;
    }

    /// <summary>Takes a name out; the reference is the caller's then. Null: there was none.</summary>
    public NamedStatement? Take(ReadOnlySpan<byte> name) =>
        _byName.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var statement) ? statement : null;

    /// <summary>Gives a name back to what it stood for, unless it stands for something else by now; the reference comes with it.</summary>
    public void PutBack(NamedStatement statement)
    {
        if (_isOver || !_byName.TryAdd(statement.Name, statement))
        {
            statement.Statement.Release();
        }
    }

    /// <summary>Takes a name out if it is still the one that was given then, reference and all.</summary>
    public void Remove(NamedStatement statement)
    {
        // A later request may have given the same name to the same statement.
        if (Find(statement.Name) == statement)
        {
            _byName.Remove(statement.Name);
            statement.Statement.Release();
        }
    }

    /// <summary>The client binds a portal; null: to a statement without a name.</summary>
    public void OnBind(NamedStatement? statement, ReadOnlySpan<byte> portal)
    {
        statement?.OnBind();
        _bound = portal.Length <= LongestPortal ? statement : null;
        if (_bound is not null && portal.Length > 0)
        {
            _portal = _portal.Length > 0 ? _portal : new byte[LongestPortal];
            portal.CopyTo(_portal);
        }

        _portalLength = portal.Length;
    }

    /// <summary>The client has a portal described: what it was bound to, if its answer is to be noted.</summary>
    public NamedStatement? OnDescribePortal(ReadOnlySpan<byte> portal) =>
        _bound is not null && portal.SequenceEqual(_portal.AsSpan(0, _portalLength)) && _bound.OnDescribePortal() ? _bound : null;

    /// <summary>The server has carried out DEALLOCATE ALL or DISCARD ALL: all names are gone but those that were given behind it.</summary>
    public void Forget(Ledger ledger)
    {
        foreach (var (name, statement) in _byName)
        {
            if (!ledger.IsNaming(statement))
            {
                _byName.Remove(name);
                statement.Statement.Release();
            }
        }
    }

    /// <summary>Gives everything back, at the client's end.</summary>
    public void Clear()
    {
        _isOver = true;
        foreach (var statement in _byName.Values)
        {
            statement.Statement.Release();
        }

        _byName.Clear();
    }
}
