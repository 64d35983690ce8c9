using Pooler.Actors.Configuration;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Relay.State;
using Pooler.Actors.Stats;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// One logged-in server connection as the relay sees it. It has one owner at a time: its server actor, its pool while it is idle, or the
/// client that holds the lease; only the owner touches it, on the loop's thread.
/// </summary>
internal sealed class ServerLink
{
    // In the middle of a batch of requests; between two batches nothing may be unsent.
    private const int UnsentAtMost = 1 << 16;

    // No pipeline comes near this, and so many entries of a ledger take little.
    private const int OwedAtMost = 1 << 14;

    /// <summary>Bytes of a server's message stream; a struct that is used in place.</summary>
    public FrameStream<ResponsePolicy> Responses;

    private StateTracker? _tracker;

    public ServerLink(Connection connection, ConnectTarget target, PoolStatistics statistics, CancelKey key, ParameterValues parameters)
    {
        Connection = connection;
        Target = target;
        Statistics = statistics;
        Key = key;
        Parameters = parameters;
    }

    public Connection Connection { get; }

    /// <summary>Where it leads; a cancel request goes the same way.</summary>
    public ConnectTarget Target { get; }

    /// <summary>What the server still owes.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>The server's unnamed statement is the one that the client with the lease means, or neither has one.</summary>
    public bool HasMeantUnnamed { get; set; }

    /// <summary>The named statements of the client that holds the lease; null: it has none.</summary>
    public ClientStatements? ClientStatements { get; set; }

    /// <summary>Follows what the client that holds the lease leaves in its session; null: nobody wants to know.</summary>
    public StateTracker? Tracker { get; private set; }

    /// <summary>Settings that the pooler or a client has SET for a session, beside the tracked parameters; null: none ever.</summary>
    public SessionSettings? Settings { get; private set; }

    /// <summary>Makes batches again whose plans are out of date.</summary>
    public BatchRetry Retry { get; } = new();

    /// <summary>The values in force on the server, as it reported them.</summary>
    public ParameterValues Parameters { get; }

    /// <summary>Counters of the pool.</summary>
    public PoolStatistics Statistics { get; }

    /// <summary>The key by which the server accepts a cancel request.</summary>
    public CancelKey Key { get; }

    /// <summary>The rest of a longer key than protocol 3.0 has; empty: there is none.</summary>
    public byte[] KeyTail { get; init; } = [];

    /// <summary>The status byte of the last ReadyForQuery: I, T or E.</summary>
    public byte TransactionStatus { get; set; } = Wire.TransactionStatus.Idle;

    /// <summary>True from the last awaited ReadyForQuery until the next request.</summary>
    public bool IsReady { get; set; } = true;

    /// <summary>An earlier batch was answered after the last request had gone: the server is between two batches of a pipeline.</summary>
    public bool IsBetweenBatches { get; set; }

    /// <summary>The last request has gone to the server in part: nothing but its rest may follow.</summary>
    public bool IsRequestUnfinished { get; set; }

    /// <summary>The last message has gone to the client in part: nothing but its rest may follow.</summary>
    public bool IsResponseUnfinished => Responses.Remaining > 0 && Responses.Forwarding;

    /// <summary>A pooler's own SET for the client's parameters is on its way; the client is held until it is answered.</summary>
    public bool IsApplyingParameters { get; set; }

    /// <summary>The pooler's last own query on this server ended with an error.</summary>
    public bool OwnQueryFailed { get; set; }

    /// <summary>The error with which the server has refused a parameter of the client, as the log has it; null: none.</summary>
    public string? OwnError { get; set; }

    /// <summary>Transactions end with every ReadyForQuery: statement mode.</summary>
    public bool IsStatementMode { get; set; }

    /// <summary>The lease lasts for the client's whole session: what the server says between two requests is for that client.</summary>
    public bool IsSessionMode { get; set; }

    /// <summary>It was opened for one replication client, in this mode, and is never anybody else's.</summary>
    public ReplicationMode Replication { get; init; }

    /// <summary>The server has said that it ends, to nobody: it must not be used again.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>When the running query began, microseconds of the loop; 0: none runs.</summary>
    public long QueryStart { get; set; }

    /// <summary>When the running transaction began, microseconds of the loop; 0: none runs.</summary>
    public long TransactionStart { get; set; }

    /// <summary>When the server sent something last, microseconds of the loop.</summary>
    public long LastActivity { get; set; }

    /// <summary>The pooler has something to settle with the server; what the client sends has to wait.</summary>
    public bool IsClientHeld => IsApplyingParameters || IsAwaited || Retry.IsRefused;

    /// <summary>What the client's next request means is known only when the server has answered everything before it.</summary>
    public bool IsAwaited { get; set; }

    /// <summary>The wait of <see cref="IsAwaited"/> is over, or there is nothing to wait for: what follows is skipped, or the server waits for the client.</summary>
    public bool IsAwaitOver => IsAwaited && (Ledger.Count == 0 || Ledger.IsSkipping || Ledger.WaitsForCopyData);

    /// <summary>Outside a transaction, nothing owed, no COPY open, nothing half sent, half received or unsent: another client may have it.</summary>
    public bool IsReleasable =>
        IsReady && TransactionStatus == Wire.TransactionStatus.Idle && Ledger.Count == 0 && Ledger.Copy == CopyState.None
        && !IsRequestUnfinished && Responses.AtBoundary && Connection.Unsent == 0;

    /// <summary>
    /// More requests wait for their answers than a client may have under way: it has to wait for some of them. Where a Sync of its is missing, the server waits
    /// for that.
    /// </summary>
    public bool OwesTooMuch => Ledger.Count > OwedAtMost && !Ledger.IsSkipping;

    /// <summary>So few requests wait for their answers that the client may go on; far enough below the limit for it not to stop again at once.</summary>
    public bool OwesLittle => Ledger.Count <= OwedAtMost / 2 || Ledger.IsSkipping;

    /// <summary>The server has not taken what it got, or has not answered it: more of the client's requests would only pile up here.</summary>
    public bool IsBehind => Connection.Unsent > UnsentAtMost || OwesTooMuch;

    /// <summary>The client with this session begins to use the server, and is followed.</summary>
    public void BeginTracking(StateTracking mode, SessionState? session)
    {
        Tracker = _tracker ??= new StateTracker(this);
        Tracker.Begin(mode, session);
    }

    /// <summary>Nobody is followed any more.</summary>
    public void EndTracking() => Tracker = null;

    /// <summary>The client that holds the lease has SET or RESET something.</summary>
    public void FollowSetting(StateEffect effect)
    {
        Settings ??= new SessionSettings();
        switch (effect.Action)
        {
            case StateAction.Add when effect.Name is not null:
                Settings.Set(effect.Name, effect.Replay);
                break;
            case StateAction.Remove:
                Settings.Remove(effect.Name!);
                break;
            case StateAction.RemoveAll:
                Settings.Clear();
                break;
            case StateAction.ResetAll:
                Settings.ClearResettable();
                break;
            default:
                break;
        }
    }

    /// <summary>The pooler has given the server a client's settings; null: it has taken them all back.</summary>
    public void TakeSettings(SessionSettings? settings) => (Settings ??= new SessionSettings()).CopyFrom(settings);

    /// <summary>Gives back what it keeps; for a connection that is closed.</summary>
    public void Release(BufferPool buffers)
    {
        Responses.Release(buffers);
        Retry.Forget(buffers);
        Retry.DropWithheld(buffers);
        Ledger.Clear();
        Ledger.Statements?.Clear();
        ClientStatements = null;
    }
}
