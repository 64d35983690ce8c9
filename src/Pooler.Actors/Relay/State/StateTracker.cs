using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.State;

/// <summary>
/// Follows what the client that holds a server leaves in its session. What requests would do is read from their texts (the other part of the class); it counts when the server has
/// answered that it is done, and what PostgreSQL takes back with a transaction when that has committed. In doubt something counts as there. One per server connection,
/// on the loop's thread.
/// </summary>
internal sealed partial class StateTracker(ServerLink link)
{
    // Of a transaction with more statements than this it is not known any more what it takes back.
    private const int MostNoted = 10_000;

    private readonly List<StateEffect> _journal = [];
    private readonly List<(string? Name, int Length)> _savepoints = [];
    private List<string>? _warnings;
    private List<string>? _told;
    private bool _hasTooManySavepoints;
    private int _statement;

    /// <summary>What is done about what is found.</summary>
    public StateTracking Mode { get; private set; }

    /// <summary>What the client has; null: nothing.</summary>
    public SessionState? Session { get; private set; }

    /// <summary>The client must keep the server beyond the transaction that ended last.</summary>
    public bool IsPinned { get; private set; }

    /// <summary>The server has been kept in this loan: it must be cleaned before somebody else gets it.</summary>
    public bool WasPinned { get; private set; }

    /// <summary>The client is to be told something with the next ReadyForQuery.</summary>
    public bool HasNotices => _warnings is { Count: > 0 };

    /// <summary>A client gets the server. What it had in another one is gone.</summary>
    public void Begin(StateTracking mode, SessionState? session)
    {
        Mode = mode;
        Session = session;
        session?.LeaveServer(all: mode != StateTracking.Replay);
        IsPinned = false;
        WasPinned = false;
        _statement = 0;
        Forget();
        _unnamed = StatementScan.Unread;
        _unnamedPortal = null;
        _parsed?.Clear();
        _portals?.Clear();
        link.Responses.Policy.WantsRows = false;
    }

    /// <summary>The server has sent this, in answer to the oldest request, which the ledger still has.</summary>
    public void OnAnswer(ReadOnlySpan<byte> message)
    {
        var ledger = link.Ledger;
        var scan = ledger.HeadScan;
        var statement = ledger.Head == ExpectedResponse.Query ? _statement : 0;
        switch (message[0])
        {
            case BackendMessage.CommandComplete:
                var reader = new MessageReader(message[FrameHeader.Size..]);
                reader.TryReadCString(out var tag);
                _statement += ledger.Head == ExpectedResponse.Query ? 1 : 0;
                Complete(scan, statement, tag);
                break;
            case BackendMessage.DataRow when scan is { NeedsRows: true }:
                TakeRow(scan, statement, IsTrue(message), isExecuted: false);
                break;
            case BackendMessage.ErrorResponse when scan is not null:
                TakeFailure(scan, statement);
                break;
            case BackendMessage.ParseComplete or BackendMessage.CloseComplete or BackendMessage.PortalSuspended when scan is not null:
                Complete(scan, statement, default);
                break;
            default:
                break;
        }
    }

    /// <summary>The server is ready for the next request; <paramref name="status"/> is what it says of the transaction, <paramref name="failed"/>: the last request has.</summary>
    public void OnReady(byte status, bool failed)
    {
        _statement = 0;
        if (status != TransactionStatus.Idle)
        {
            return;
        }

        if (failed)
        {
            Rollback();
        }
        else
        {
            Commit();
        }

        if (link.Ledger.Count == 0)
        {
            // With more under way, some may be of the next transaction.
            _portals?.Clear();
            link.Responses.Policy.WantsRows = false;
        }

        IsPinned = Session is { } session && session.NeedsServer(Mode);
        WasPinned |= IsPinned;
    }

    /// <summary>Writes what the client is to be told, once for each kind of state.</summary>
    public void WriteNotices(MessageWriter writer)
    {
        foreach (var reason in _warnings!)
        {
            writer.WriteNoticeResponse(PoolerErrors.SessionStateNotice(reason), sqlState: SqlStates.Warning);
        }

        (_told ??= []).AddRange(_warnings);
        _warnings.Clear();
    }

    /// <summary>What the client has been told since the last call, for the log; null: nothing.</summary>
    public List<string>? TakeTold()
    {
        var told = _told;
        _told = null;
        return told;
    }

    private void Complete(StatementScan? scan, int statement, ReadOnlySpan<byte> tag)
    {
        var isPartial = false;
        if (scan is not null)
        {
            foreach (var effect in scan.Effects)
            {
                if (effect.Statement == statement)
                {
                    isPartial |= effect.Action == StateAction.RollbackToSavepoint;
                    Apply(effect, isExecuted: false);
                }
            }

            if (statement >= scan.Known && TagEffect(tag) is { } found)
            {
                Apply(found, isExecuted: false);
            }
        }

        if (_journal.Count == 0 && _savepoints.Count == 0)
        {
            return;
        }

        // DISCARD ALL is done at once, whatever follows it in its batch.
        if (tag.SequenceEqual("COMMIT"u8) || tag.SequenceEqual("PREPARE TRANSACTION"u8) || tag.SequenceEqual("DISCARD ALL"u8))
        {
            Commit();
        }
        else if (tag.SequenceEqual("ROLLBACK"u8) && !isPartial)
        {
            if (scan is not null && statement >= scan.Known)
            {
                // The tag is the same for ROLLBACK TO.
                RollbackTo(null);
            }
            else
            {
                Rollback();
            }
        }
    }

    /// <summary>What a statement has done of which only the server's tag is known; null: nothing that is certain to be there.</summary>
    private static StateEffect? TagEffect(ReadOnlySpan<byte> tag)
    {
        StateKind? kind = tag.SequenceEqual("SET"u8) ? StateKind.Setting
            : tag.SequenceEqual("LISTEN"u8) ? StateKind.Listen
            : tag.SequenceEqual("PREPARE"u8) ? StateKind.PreparedStatement
            : tag.SequenceEqual("DECLARE CURSOR"u8) ? StateKind.HeldCursor
            : tag.SequenceEqual("LOAD"u8) ? StateKind.Library
            : tag.SequenceEqual("CREATE TABLE"u8) || tag.SequenceEqual("CREATE VIEW"u8) || tag.SequenceEqual("CREATE SEQUENCE"u8) ? StateKind.TemporaryObject
            : null;
        return kind is { } found ? new StateEffect(0, StateAction.Add, found) : null;
    }

    private void Apply(StateEffect effect, bool isExecuted)
    {
        switch (effect.Action)
        {
            case StateAction.Savepoint:
                NoteSavepoint(effect.Name);
                break;
            case StateAction.RollbackToSavepoint:
                RollbackTo(effect.Name);
                break;
            case StateAction.ReleaseSavepoint:
                if (FindSavepoint(effect.Name) is >= 0 and var released)
                {
                    _savepoints.RemoveRange(released, _savepoints.Count - released);
                }

                break;
            case StateAction.Execute when !isExecuted:
                foreach (var inner in FindPrepared(effect.Name)?.Effects ?? [])
                {
                    Apply(inner, isExecuted: true);
                }

                break;
            case StateAction.Execute or StateAction.LockPerRow or StateAction.TryLockPerRow or StateAction.UnlockPerRow:
                break;
            default:
                if (effect.Kind is StateKind.AdvisoryLock or StateKind.PreparedStatement or StateKind.Library)
                {
                    ApplyNow(effect);
                }
                else if (effect.Kind != StateKind.Setting || !IsCarried(effect.Name))
                {
                    Note(effect);
                }

                break;
        }
    }

    private void Note(StateEffect effect)
    {
        if (_journal.Count < MostNoted)
        {
            _journal.Add(effect);
        }
        else if (effect.Action == StateAction.Add)
        {
            // Without its name, for what the journal has is older and must not take its place.
            ApplyNow(new StateEffect(effect.Statement, StateAction.Add, effect.Kind));
        }
    }

    private void NoteSavepoint(string? name)
    {
        _hasTooManySavepoints |= _savepoints.Count == MostNoted;
        if (_hasTooManySavepoints)
        {
            _savepoints.Clear();
        }
        else
        {
            _savepoints.Add((name, _journal.Count));
        }
    }

    /// <summary>The pooler itself carries the parameters that it tracks, if the server reports them.</summary>
    private bool IsCarried(string? setting) => setting is not null && link.Parameters[setting] is not null;

    private StatementScan? FindPrepared(string? name) => name is null ? null : Session?.FindPrepared(name);

    private void TakeRow(StatementScan scan, int statement, bool isTrue, bool isExecuted)
    {
        foreach (var effect in scan.Effects)
        {
            if (!isExecuted && effect.Statement != statement)
            {
                continue;
            }

            switch (effect.Action)
            {
                case StateAction.LockPerRow:
                case StateAction.TryLockPerRow when isTrue:
                    CountLock(1);
                    break;
                case StateAction.UnlockPerRow when isTrue:
                    CountLock(-1);
                    break;
                case StateAction.Execute when !isExecuted && FindPrepared(effect.Name) is { } inner:
                    TakeRow(inner, 0, isTrue, isExecuted: true);
                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A row of one column that is true, in either format.</summary>
    private static bool IsTrue(ReadOnlySpan<byte> row) =>
        row.Length == FrameHeader.Size + 7 && row[FrameHeader.Size..^1].SequenceEqual((ReadOnlySpan<byte>)[0, 1, 0, 0, 0, 1]) && row[^1] is (byte)'t' or 1;

    /// <summary>A lock that was taken before the statement failed stays.</summary>
    private void TakeFailure(StatementScan scan, int statement)
    {
        foreach (var effect in scan.Effects)
        {
            if (effect.Statement == statement && effect is { Kind: StateKind.AdvisoryLock, Action: StateAction.Add })
            {
                ApplyNow(effect);
            }
        }
    }

    private int FindSavepoint(string? name) => name is null ? -1 : _savepoints.FindLastIndex(savepoint => savepoint.Name == name);

    private void RollbackTo(string? name)
    {
        if (FindSavepoint(name) is >= 0 and var index)
        {
            var length = Math.Min(_savepoints[index].Length, _journal.Count);
            _journal.RemoveRange(length, _journal.Count - length);
            _savepoints.RemoveRange(index + 1, _savepoints.Count - index - 1);
        }
        else
        {
            // Back to where, nobody knows: what was removed may be there again, and what was set may have another value.
            _journal.RemoveAll(effect => effect.Action != StateAction.Add);
            for (var i = 0; i < _journal.Count; i++)
            {
                _journal[i] = _journal[i] with { Replay = null };
            }
        }
    }

    private void Rollback() => Forget();

    private void Commit()
    {
        foreach (var effect in _journal)
        {
            ApplyNow(effect);
        }

        Forget();
    }

    private void Forget()
    {
        _journal.Clear();
        _savepoints.Clear();
        _hasTooManySavepoints = false;
    }

    private void ApplyNow(StateEffect effect)
    {
        if (Mode == StateTracking.Warn)
        {
            if (effect.Action == StateAction.Add)
            {
                Warn(effect.Kind, effect.Name);
            }

            return;
        }

        if (Session is null && effect.Action != StateAction.Add)
        {
            return;
        }

        Session ??= new SessionState();
        Session.Apply(effect);
        if (effect.Kind == StateKind.Setting && Mode == StateTracking.Replay)
        {
            link.FollowSetting(effect);
        }
    }

    private void CountLock(int change)
    {
        if (Mode == StateTracking.Warn)
        {
            if (change > 0)
            {
                Warn(StateKind.AdvisoryLock, null);
            }
        }
        else if (Session is not null || change > 0)
        {
            (Session ??= new SessionState()).CountLock(change);
        }
    }

    private void Warn(StateKind kind, string? name)
    {
        if ((Session ??= new SessionState()).TryWarn(kind))
        {
            (_warnings ??= []).Add(SessionState.Describe(kind, name));
        }
    }
}
