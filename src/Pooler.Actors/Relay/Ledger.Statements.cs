using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <content>What the requests change in the lists of prepared statements, kept until the server has answered.</content>
internal sealed partial class Ledger
{
    private Queue<StatementChange>? _changes;
    private Stack<StatementChange>? _failed;

    /// <summary>The named statements that the server knows by the pooler's names, kept true by the answers; null: none ever.</summary>
    public ServerStatements? Statements { get; private set; }

    // Syncs that were dropped with a failed COPY although the server may have read them after the failure, and then answers them.
    private int _unsureReady;

    /// <summary>Writes down a request that has changed the lists of statements.</summary>
    public void Add(ExpectedResponse kind, ResponseAction action, in StatementChange change)
    {
        (_changes ??= new Queue<StatementChange>()).Enqueue(change);
        Append((byte)((byte)kind | (byte)action | ChangeFlag));
    }

    /// <summary>The server says the types of the parameters of the statement that the oldest request asks about. The client is told, or a part of it is missing.</summary>
    public void OnParameters(ReadOnlySpan<byte> message)
    {
        if (FrameHeader.IsWhole(message))
        {
            HeadChange?.Describe(Statements!, message[FrameHeader.Size..]);
        }
    }

    /// <summary>The list of statements, made when the first one comes.</summary>
    public ServerStatements MakeStatements() => Statements ??= new ServerStatements();

    /// <summary>No answer comes before more of the client's data, or the end of them.</summary>
    public bool WaitsForCopyData
    {
        get
        {
            if (Copy is not (CopyState.In or CopyState.Both))
            {
                return false;
            }

            for (var i = 0; i < Count; i++)
            {
                if (KindAt(i) is ExpectedResponse.CopyDone or ExpectedResponse.CopyFail)
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>True if this name was given by a request that is not answered.</summary>
    public bool IsNaming(NamedStatement named)
    {
        foreach (var change in _changes ?? [])
        {
            if (change.Named == named && change.IsAboutName && change.Kind != StatementChangeKind.Unnamed)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>True if what this name of this client stands for depends on answers that are yet to come.</summary>
    public bool IsUndecided(ClientStatements client, ReadOnlySpan<byte> name)
    {
        if (WaitsForCopyData)
        {
            return false;
        }

        foreach (var change in _changes ?? [])
        {
            if (change.Client == client && change.IsAboutName && name.SequenceEqual(change.Named!.Name))
            {
                return true;
            }
        }

        return Statements is { IsResetExpected: true };
    }

    /// <summary>True if the oldest request is one that the server is made to refuse, in the place of one with an outdated result.</summary>
    public bool IsHeadOutdated => HeadChange is { Kind: StatementChangeKind.Outdated };

    private StatementChange? HeadChange => Count > 0 && (_entries[_head] & ChangeFlag) != 0 ? _changes!.Peek() : null;

    /// <summary>The server describes a result: whoever asked for that of a statement learns it.</summary>
    public void Learn(ReadOnlySpan<byte> message)
    {
        if (HeadChange is { Kind: StatementChangeKind.Described or StatementChangeKind.PortalDescribed } change)
        {
            change.Learn(Statements!, message);
        }
    }

    /// <summary>The change of an entry did not come about. Entries fail from the oldest on, so that the changes do too.</summary>
    private void Fail(int index)
    {
        ref var entry = ref _entries[(_head + index) & (_entries.Length - 1)];
        if ((entry & ChangeFlag) != 0)
        {
            entry = (byte)(entry & ~ChangeFlag);
            (_failed ??= new Stack<StatementChange>()).Push(_changes!.Dequeue());
        }
    }

    /// <summary>The oldest requests, pooler's own, have failed together with what follows them, which is sent again; they are not.</summary>
    public void Drop(long count)
    {
        for (; count > 0; count--)
        {
            Fail(0);
            RemoveHead();
        }

        UndoFailed();
    }

    /// <summary>Takes the changes of failed requests back, the latest first.</summary>
    private void UndoFailed()
    {
        while (_failed is not null && _failed.TryPop(out var change))
        {
            change.Undo(Statements!);
        }
    }
}
