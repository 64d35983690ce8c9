namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The statements that one server knows, the one used last at the end. What has been asked of the server and not been answered counts only for the requests
/// of the same batch, which fail or come about together; later ones cannot rely on it. Holds a reference to each statement. Used on the loop's thread by whoever
/// owns the server connection.
/// </summary>
internal sealed class ServerStatements
{
    private readonly Dictionary<PreparedStatement, Entry> _entries = [];
    private readonly LinkedList<Entry> _byUse = [];

    // Batches are told apart by number: the next one begins behind a Sync.
    private long _resetBatch;

    /// <summary>The number of the batch that requests belong to now.</summary>
    public long Batch { get; private set; } = 1;

    /// <summary>How many it has, as far as is known.</summary>
    public int Count => _byUse.Count;

    /// <summary>The requests that follow belong to another batch.</summary>
    public void EndBatch() => Batch++;

    /// <summary>Such a request is sent now.</summary>
    public void ExpectReset() => _resetBatch = ++Batch;

    /// <summary>A request is under way that may make the server forget all.</summary>
    public bool IsResetExpected => _resetBatch > 0;

    /// <summary>Nothing is under way any more.</summary>
    public void Rest() => _resetBatch = 0;

    /// <summary>Whether the server has a statement ready when the next request comes to it; if so, it is the one used last.</summary>
    public StatementPresence Use(PreparedStatement statement)
    {
        if (!_entries.TryGetValue(statement, out var entry))
        {
            return StatementPresence.Absent;
        }

        var isSure = entry.Pending > 0 ? entry.Batch == Batch : !entry.IsStale && (_resetBatch == 0 || entry.Batch >= _resetBatch);
        if (!isSure)
        {
            return StatementPresence.Uncertain;
        }

        if (!(entry.Pending > 0 ? entry.IsParsedLast : entry.Exists))
        {
            return StatementPresence.Absent;
        }

        if (!ReferenceEquals(_byUse.Last, entry.Position))
        {
            _byUse.Remove(entry.Position);
            _byUse.AddLast(entry.Position);
        }

        return StatementPresence.Ready;
    }

    /// <summary>The same for a statement whose types a server may have found itself; <paramref name="known"/> is what the server knows it as.</summary>
    public StatementPresence Use(PreparedStatement statement, out PreparedStatement known)
    {
        known = statement;
        if (statement.Origin is { } origin && _entries.TryGetValue(origin, out var entry) && ReferenceEquals(entry.TypedAs, statement)
            && Use(origin) == StatementPresence.Ready)
        {
            known = origin;
            return StatementPresence.Ready;
        }

        return Use(statement);
    }

    /// <summary>The server has found such types for the parameters of a statement that it is <paramref name="typed"/>, as long as it keeps it.</summary>
    public void MarkTyped(PreparedStatement statement, PreparedStatement typed)
    {
        if (_entries.TryGetValue(statement, out var entry) && entry.Pending == 0)
        {
            entry.TypedAs = typed;
        }
    }

    /// <summary>The types that the server has found do not count any more.</summary>
    public void ForgetTyped(PreparedStatement statement)
    {
        if (_entries.TryGetValue(statement, out var entry))
        {
            entry.TypedAs = null;
        }
    }

    /// <summary>True if nothing about this statement is under way: the server had it before the batch began.</summary>
    public bool IsSettled(PreparedStatement statement) => _entries.TryGetValue(statement, out var entry) && entry.Pending == 0;

    /// <summary>The shape of the rows that the server gives for it, unless it refuses to; null: not known.</summary>
    public RowShape? ShapeOf(PreparedStatement statement) => _entries.TryGetValue(statement, out var entry) ? entry.Shape : null;

    /// <summary>True if the server has not been asked what rows it gives for it, since it has parsed it.</summary>
    public bool NeedsShape(PreparedStatement statement) => _entries.TryGetValue(statement, out var entry) && entry is { Shape: null, IsBeingDescribed: false };

    /// <summary>The server is asked for that.</summary>
    public void BeginDescribe(PreparedStatement statement) => SetBeingDescribed(statement, true);

    /// <summary>The server has not said it, and will not.</summary>
    public void EndDescribe(PreparedStatement statement) => SetBeingDescribed(statement, false);

    /// <summary>The server has said it.</summary>
    public void SetShape(PreparedStatement statement, RowShape shape)
    {
        // Where a Parse is under way, that is not what it has been said of.
        if (_entries.TryGetValue(statement, out var entry) && entry.Pending == 0)
        {
            entry.Shape = shape;
            entry.IsBeingDescribed = false;
        }
    }

    /// <summary>True if the plan is out of date, as far as anybody knows.</summary>
    public bool IsStale(PreparedStatement statement) => _entries.TryGetValue(statement, out var entry) && entry.IsStale;

    /// <summary>The server is asked to parse a statement.</summary>
    public void BeginParse(PreparedStatement statement)
    {
        if (!_entries.TryGetValue(statement, out var entry))
        {
            statement.AddReference();
            entry = new Entry(statement);
            _entries.Add(statement, entry);
        }

        entry.Begin(Batch, isParse: true);
        entry.Shape = null;
        entry.IsBeingDescribed = false;
        entry.Position.List?.Remove(entry.Position);
        _byUse.AddLast(entry.Position);
    }

    /// <summary>The server is asked to close a statement; harmless if it does not have it.</summary>
    public void BeginClose(PreparedStatement statement)
    {
        if (_entries.TryGetValue(statement, out var entry))
        {
            entry.Begin(Batch, isParse: false);
            entry.Position.List?.Remove(entry.Position);
        }
    }

    /// <summary>The server has parsed or closed a statement, or has not and will not.</summary>
    public void Settle(PreparedStatement statement, bool isParse, bool isDone)
    {
        if (!_entries.TryGetValue(statement, out var entry))
        {
            return;
        }

        entry.Pending--;
        if (isDone)
        {
            entry.Exists = isParse;
            entry.IsStale = false;
        }

        if (entry.Pending > 0)
        {
            return;
        }

        if (!entry.Exists)
        {
            Remove(entry);
        }
        else if (entry.Position.List is null)
        {
            // It was to be closed and was not: it is the next to go.
            _byUse.AddFirst(entry.Position);
        }
    }

    /// <summary>What was not used for the longest time, if there are more than <paramref name="limit"/>.</summary>
    public PreparedStatement? FindOldest(int limit) => _byUse.Count > limit ? _byUse.First!.Value.Statement : null;

    /// <summary>
    /// The results that were planned do not fit the tables any more. Which other plans are concerned nobody says, so all are marked: each is closed and
    /// parsed anew before its next use.
    /// </summary>
    public void MarkAllStale()
    {
        foreach (var entry in _entries.Values)
        {
            entry.IsStale = true;
        }
    }

    /// <summary>The server may have it or not.</summary>
    public void MarkStale(PreparedStatement statement)
    {
        if (_entries.TryGetValue(statement, out var entry))
        {
            entry.IsStale = true;
        }
    }

    /// <summary>The server has parsed it anew, with the types of <paramref name="used"/>.</summary>
    public void MarkFresh(PreparedStatement statement, PreparedStatement used)
    {
        if (_entries.TryGetValue(statement, out var entry))
        {
            entry.IsStale = false;
            entry.TypedAs = ReferenceEquals(statement, used) ? null : used;
            entry.Shape = null;
        }
    }

    /// <summary>The server has forgotten all: DEALLOCATE ALL or DISCARD ALL. What it is still asked to do comes after that.</summary>
    public void Forget()
    {
        foreach (var entry in _entries.Values)
        {
            entry.Exists = false;
            if (entry.Pending == 0)
            {
                Remove(entry);
            }
        }
    }

    /// <summary>Gives everything back, at the server's end.</summary>
    public void Clear()
    {
        foreach (var entry in _entries.Values)
        {
            Remove(entry);
        }
    }

    private void SetBeingDescribed(PreparedStatement statement, bool isBeingDescribed)
    {
        if (_entries.TryGetValue(statement, out var entry))
        {
            entry.IsBeingDescribed = isBeingDescribed;
        }
    }

    private void Remove(Entry entry)
    {
        entry.Position.List?.Remove(entry.Position);
        _entries.Remove(entry.Statement);
        entry.Statement.Release();
    }

    private sealed class Entry
    {
        public Entry(PreparedStatement statement)
        {
            Statement = statement;
            Position = new LinkedListNode<Entry>(this);
        }

        public PreparedStatement Statement { get; }

        /// <summary>Its place in the order of use; in no list while it is being closed.</summary>
        public LinkedListNode<Entry> Position { get; }

        /// <summary>What the server has said last.</summary>
        public bool Exists { get; set; }

        /// <inheritdoc cref="ShapeOf"/>
        public RowShape? Shape { get; set; }

        /// <summary>The server has been asked for the shape.</summary>
        public bool IsBeingDescribed { get; set; }

        /// <summary>Its plan is out of date.</summary>
        public bool IsStale { get; set; }

        /// <summary>The statement with the types that the server has found for it, if it was asked.</summary>
        public PreparedStatement? TypedAs { get; set; }

        /// <summary>Requests about it that are not answered.</summary>
        public int Pending { get; set; }

        /// <summary>The batch of the last one.</summary>
        public long Batch { get; private set; }

        /// <summary>The last one was a Parse.</summary>
        public bool IsParsedLast { get; private set; }

        public void Begin(long batch, bool isParse)
        {
            Pending++;
            Batch = batch;
            IsParsedLast = isParse;
            TypedAs = null;
        }
    }
}
