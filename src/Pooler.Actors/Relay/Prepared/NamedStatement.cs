namespace Pooler.Actors.Relay.Prepared;

/// <summary>What one client means by one name, and what its driver knows of the result. Used on the loop's thread.</summary>
internal sealed class NamedStatement(byte[] name, PreparedStatement statement)
{
    private int _asking;
    private long _askedIn;
    private bool _wasAsked;
    private bool _hasDescribedPortal;
    private bool _describesPortals;
    private bool _isBoundTwice;
    private bool _isBound;

    public byte[] Name { get; } = name;

    /// <summary>The statement, with the types of its parameters as the client goes by them; the reference is the one that belongs to the name.</summary>
    public PreparedStatement Statement { get; private set; } = statement;

    /// <summary>What the client was told of the result, and reads the rows by. Null: nothing, or it asks each time.</summary>
    public RowShape? Told { get; private set; }

    /// <summary>The client has asked once more, and reads what it requests behind that by the answer.</summary>
    public bool IsBeingTold => _asking > 0;

    /// <summary>It has done so in this batch, in which the result does not change any more.</summary>
    public bool IsBeingToldIn(long batch) => IsBeingTold && _askedIn == batch;

    /// <summary>
    /// A server has told the client the types of the parameters. They are the client's from now on, whatever another server would find, or the same one for tables that have changed: it
    /// sends values of these types. False: there is nothing to change.
    /// </summary>
    public bool TryFix(ReadOnlySpan<byte> types)
    {
        if (Statement.WithTypes(types) is not { } typed)
        {
            return false;
        }

        Statement.Release();
        Statement = typed;
        return true;
    }

    /// <summary>The client has the result described, in this batch of those that its server tells apart.</summary>
    public void BeginTell(long batch)
    {
        _asking++;
        _askedIn = batch;
    }

    /// <summary>That is answered, or comes to nothing.</summary>
    public void EndTell() => _asking--;

    /// <summary>The server has described the result for the client, of the statement itself or of a portal.</summary>
    public void Tell(RowShape shape, bool isPortal)
    {
        if (!isPortal || !(_wasAsked || _describesPortals))
        {
            Told = shape == RowShape.Unknown ? null : shape;
        }

        _wasAsked |= !isPortal;
    }

    /// <summary>The client binds a portal.</summary>
    public void OnBind()
    {
        _isBoundTwice = _isBound;
        _isBound = true;
    }

    /// <summary>
    /// The client has the portal described that it has bound last. True if it learns something by that. A driver that does so for each portal, and has not asked for the statement itself,
    /// keeps nothing in mind.
    /// </summary>
    public bool OnDescribePortal()
    {
        if (_hasDescribedPortal && _isBound && !_isBoundTwice && !_wasAsked)
        {
            _describesPortals = true;
            Told = null;
        }

        _hasDescribedPortal = true;
        _isBound = false;
        _isBoundTwice = false;
        return !_describesPortals && !_wasAsked;
    }
}
