using Pooler.Actors.Configuration;

namespace Pooler.Actors.Admin;

/// <summary>
/// What a console command can see and do. A command calls exactly one of the methods that take a call's number, and the answer reaches the
/// session that gave the command. Implemented by the admin actor; called on its thread only.
/// </summary>
internal interface ICommandHost
{
    /// <summary>The settings in force.</summary>
    public PoolerSettings Settings { get; }

    /// <summary>What the pooler as a whole does.</summary>
    public PauseState State { get; }

    /// <summary>The pooler is on its way down.</summary>
    public bool IsShuttingDown { get; }

    /// <summary>Answers at once.</summary>
    public void Reply(long call, ConsoleReply reply);

    /// <summary>Collects what the table is made from, makes it and answers with it.</summary>
    public void Show(long call, SnapshotParts parts, Func<PoolerSnapshot, ResultTable> make);

    /// <summary>Reads the configuration again.</summary>
    public void Reload(long call);

    /// <summary>Changes one setting until the next reload.</summary>
    public void ChangeSetting(long call, string key, string value);

    /// <summary>
    /// Pauses one database, or all with null. The answer comes when the pause holds. With <paramref name="limit"/> it is taken back, and the answer is an
    /// error, if it does not hold by then.
    /// </summary>
    public void Pause(long call, string? database, TimeSpan? limit);

    /// <summary>Stops all traffic where nothing is half sent. The answer comes when everything has stopped.</summary>
    public void Suspend(long call);

    /// <summary>Takes back a pause of the same scope, or the suspension. Who still waits for that pause gets an answer too.</summary>
    public void Resume(long call, string? database);

    /// <summary>
    /// Has the pools of one database, or of all with null, do something else. The answer is <paramref name="tag"/> or the registry's refusal;
    /// <paramref name="mayWait"/> when it may take long.
    /// </summary>
    public void CommandPools(long call, PoolCommandKind kind, string tag, string? database, bool mayWait = false);

    /// <summary>Ends the client with this number, wherever it is.</summary>
    public void KillClient(long call, long socketId);

    /// <summary>Ends the pooler. There is no answer when it ends at once.</summary>
    public void ShutDown(long call, ShutdownMode mode);

    /// <summary>Writes a line of level LOG.</summary>
    public void Log(string text);
}
