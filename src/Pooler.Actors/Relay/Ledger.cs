using Pooler.Actors.Relay.State;

namespace Pooler.Actors.Relay;

/// <summary>
/// The queue of outstanding requests of one server connection: what it still owes, in order. An answer that does not match the head is not
/// owed to anyone, and the connection must not be used any more. Used on the loop's thread by whoever owns the server connection.
/// </summary>
/// <remarks>
/// Which answer settles which request: PostgreSQL protocol, section "Message Flow". Flush is not a request in this sense, and a Sync that
/// a server reads while it is in COPY FROM STDIN is not answered.
/// </remarks>
internal sealed partial class Ledger
{
    private const int InitialCapacity = 16;
    private const int KeptCapacity = 1024;
    private const byte KindMask = 0x0F;
    private const byte NamedFlag = 0x10;
    private const byte ChangeFlag = 0x20;
    private const byte ActionMask = 0xC0;

    private byte[] _entries = new byte[InitialCapacity];
    private int _head;

    /// <summary>Requests without their answer.</summary>
    public int Count { get; private set; }

    /// <summary>Requests written down since the beginning.</summary>
    public long Entered { get; private set; }

    /// <summary>Of these, those that are settled, one way or another.</summary>
    public long Settled => Entered - Count;

    /// <summary>The latest of several requests ends a batch; what follows begins another one.</summary>
    public bool EndsWithBatch => KindAt(Count - 1) is ExpectedResponse.Sync or ExpectedResponse.Query or ExpectedResponse.FunctionCall;

    /// <summary>True between an ErrorResponse and the ReadyForQuery that follows it.</summary>
    public bool QueryFailed { get; private set; }

    /// <summary>True after an error in a batch whose Sync has not been sent: the server skips what comes up to it.</summary>
    public bool IsSkipping { get; private set; }

    /// <summary>The COPY that the server is in.</summary>
    public CopyState Copy { get; private set; }

    /// <summary>What becomes of the answer to the oldest request.</summary>
    public ResponseAction HeadAction => Count > 0 ? (ResponseAction)(_entries[_head] & ActionMask) : ResponseAction.Forward;

    /// <summary>The oldest request's kind; without one the value means nothing.</summary>
    public ExpectedResponse Head => KindAt(0);

    /// <summary>The oldest request was entered by <see cref="AddNamedBind"/>.</summary>
    public bool IsHeadNamedBind => Count > 0 && (_entries[_head] & (KindMask | NamedFlag)) == ((byte)ExpectedResponse.Bind | NamedFlag);

    /// <summary>Writes down a request that is about to be sent.</summary>
    public void Add(ExpectedResponse kind, ResponseAction action = ResponseAction.Forward) => Append((byte)((byte)kind | (byte)action));

    /// <summary>Writes down a Bind of a statement that the pooler has parsed, or may have.</summary>
    public void AddNamedBind() => Append((byte)ExpectedResponse.Bind | NamedFlag);

    /// <summary>Writes down a request that is sent before all that are waiting for their answers here: they will be sent again behind it.</summary>
    public void AddFirst(ExpectedResponse kind, ResponseAction action)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        _head = (_head - 1) & (_entries.Length - 1);
        _entries[_head] = (byte)((byte)kind | (byte)action);
        _scans?[_head] = null;
        Count++;
        Entered++;
    }

    /// <summary>Takes out the oldest request if it is one that the pooler has to answer now.</summary>
    public bool TryTakeFake(out ExpectedResponse kind)
    {
        kind = Head;
        if (HeadAction != ResponseAction.Fake || QueryFailed)
        {
            return false;
        }

        Remove();
        return true;
    }

    /// <summary>
    /// Settles the message of type <paramref name="type"/> (everything but ReadyForQuery and the asynchronous N, A and S). False: it is not owed.
    /// </summary>
    public bool TrySettle(byte type)
    {
        if (type == (byte)'E')
        {
            // An error needs no request: a server that is shut down says so to whoever is there.
            Failed();
            return true;
        }

        if (Count == 0)
        {
            return false;
        }

        var head = Head;
        switch (type)
        {
            case (byte)'1':
                return TryRemove(head == ExpectedResponse.Parse);
            case (byte)'2':
                return TryRemove(head == ExpectedResponse.Bind);
            case (byte)'3':
                return TryRemove(head == ExpectedResponse.Close);
            case (byte)'n':
                return TryRemove(head == ExpectedResponse.Describe);
            case (byte)'t':
                return head == ExpectedResponse.Describe;
            case (byte)'T':
                return head == ExpectedResponse.Query || TryRemove(head == ExpectedResponse.Describe);
            case (byte)'D':
                return head is ExpectedResponse.Query or ExpectedResponse.Execute;
            case (byte)'s':
                return TryRemove(head == ExpectedResponse.Execute);
            case (byte)'I':
                return head == ExpectedResponse.Query || TryRemove(head == ExpectedResponse.Execute);
            case (byte)'C':
                return TryComplete(head);
            case (byte)'V':
                return head == ExpectedResponse.FunctionCall;
            case (byte)'G':
                return TryEnterCopy(head, CopyState.In);
            case (byte)'H':
                return TryEnterCopy(head, CopyState.Out);
            case (byte)'W':
                return TryEnterCopy(head, CopyState.Both);
            case (byte)'d':
            case (byte)'c':
                return Copy is CopyState.Out or CopyState.Both;
            default:
                return false;
        }
    }

    /// <summary>Settles a ReadyForQuery. False: it is not owed.</summary>
    public bool TrySettleReady()
    {
        var failed = QueryFailed;
        QueryFailed = false;
        if (Count == 0)
        {
            return _unsureReady > 0 && _unsureReady-- > 0;
        }

        if (Head is ExpectedResponse.Query or ExpectedResponse.FunctionCall or ExpectedResponse.Sync)
        {
            _unsureReady = 0;
            Copy = CopyState.None;
            Remove();
            return true;
        }

        if (!failed)
        {
            return false;
        }

        // After an error the server has skipped everything up to the Sync that it answers now.
        Copy = CopyState.None;
        while (Count > 0)
        {
            var sync = Head == ExpectedResponse.Sync;
            Fail(0);
            Remove();
            if (sync)
            {
                UndoFailed();
                return true;
            }
        }

        UndoFailed();
        return false;
    }

    /// <summary>Forgets everything; for a connection that is closed.</summary>
    public void Clear()
    {
        while (_changes is not null && _changes.TryDequeue(out var change))
        {
            change.Undo(Statements!);
        }

        Count = 0;
        _head = 0;
        _unsureReady = 0;
        QueryFailed = false;
        IsSkipping = false;
        Copy = CopyState.None;
    }

    private ExpectedResponse KindAt(int index) => (ExpectedResponse)(_entries[(_head + index) & (_entries.Length - 1)] & KindMask);

    private void Append(byte entry)
    {
        if (Count == _entries.Length)
        {
            Grow();
        }

        var last = (_head + Count) & (_entries.Length - 1);
        _entries[last] = entry;
        _scans?[last] = null;
        Count++;
        Entered++;
        if (entry == (byte)ExpectedResponse.Sync)
        {
            IsSkipping = false;
            Statements?.EndBatch();
        }
    }

    private bool TryEnterCopy(ExpectedResponse head, CopyState state)
    {
        if (head is not (ExpectedResponse.Query or ExpectedResponse.Execute))
        {
            return false;
        }

        Copy = state;
        return true;
    }

    private bool TryComplete(ExpectedResponse head)
    {
        if (head is not (ExpectedResponse.Query or ExpectedResponse.Execute))
        {
            return false;
        }

        if (Copy is CopyState.In or CopyState.Both)
        {
            // Whatever the client sent up to its CopyDone was part of the COPY.
            RemoveThroughCopyEnd(orAll: false);
        }

        Copy = CopyState.None;
        if (head == ExpectedResponse.Execute)
        {
            Remove();
        }

        return true;
    }

    private void Failed()
    {
        QueryFailed = true;
        if (Count > 0 && Head is not (ExpectedResponse.Query or ExpectedResponse.FunctionCall))
        {
            // The server skips everything up to the next Sync, whether that has been sent or not.
            var end = 0;
            for (; end < Count && KindAt(end) != ExpectedResponse.Sync; end++)
            {
                Fail(end);
            }

            IsSkipping = end == Count;
            UndoFailed();
        }

        if (Copy is CopyState.In or CopyState.Both && Count > 0)
        {
            // A client that has not said CopyDone yet says it to a server that ignores it then, so that it is not written down later either.
            RemoveThroughCopyEnd(orAll: Head == ExpectedResponse.Execute);
        }

        Copy = CopyState.None;
    }

    /// <summary>Removes what follows the head up to the first CopyDone or CopyFail; without one, everything or nothing.</summary>
    private void RemoveThroughCopyEnd(bool orAll)
    {
        var end = 1;
        while (end < Count && KindAt(end) is not (ExpectedResponse.CopyDone or ExpectedResponse.CopyFail))
        {
            end++;
        }

        if (end == Count)
        {
            if (!orAll)
            {
                return;
            }

            for (var i = 1; i < Count; i++)
            {
                _unsureReady += KindAt(i) == ExpectedResponse.Sync ? 1 : 0;
            }

            // The head fails too: the next Sync is the one that is answered.
            for (var i = 0; i < Count; i++)
            {
                Fail(i);
            }

            UndoFailed();
            Statements?.Rest();
            Count = 0;
            _head = 0;
            return;
        }

        for (var i = 1; i <= end; i++)
        {
            Fail(i);
        }

        UndoFailed();

        // The head moves into the place of the last entry that goes.
        var mask = _entries.Length - 1;
        _entries[(_head + end) & mask] = _entries[_head];
        _scans?[(_head + end) & mask] = _scans[_head];
        _head = (_head + end) & mask;
        Count -= end;
    }

    private bool TryRemove(bool matches)
    {
        if (matches)
        {
            Remove();
        }

        return matches;
    }

    private void Remove()
    {
        RemoveHead();

        // A server that is not in COPY ignores the end of one: such an entry waits for nothing.
        while (Count > 0 && Copy == CopyState.None && Head is (ExpectedResponse.CopyDone or ExpectedResponse.CopyFail))
        {
            RemoveHead();
        }
    }

    private void RemoveHead()
    {
        if ((_entries[_head] & ChangeFlag) != 0)
        {
            _changes!.Dequeue().Keep(Statements!);
        }

        _head = (_head + 1) & (_entries.Length - 1);
        if (--Count == 0)
        {
            Statements?.Rest();
            _head = 0;
            if (_entries.Length > KeptCapacity)
            {
                _entries = new byte[InitialCapacity];
                _scans = null;
            }
        }
    }

    private void Grow()
    {
        var larger = new byte[_entries.Length * 2];
        var largerScans = _scans is null ? null : new StatementScan?[larger.Length];
        for (var i = 0; i < Count; i++)
        {
            var old = (_head + i) & (_entries.Length - 1);
            larger[i] = _entries[old];
            largerScans?[i] = _scans![old];
        }

        _entries = larger;
        _scans = largerScans;
        _head = 0;
    }
}
