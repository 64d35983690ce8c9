using System.Collections.Immutable;

namespace Pooler.Actors.Admin;

/// <summary>
/// Asks the pools registry for the state of every pool. The registry answers with one <see cref="PoolsAnnounced"/> and forwards the
/// question to its pools, each of which answers the asker with one <see cref="PoolCollected"/>; the answers may come in any order.
/// </summary>
/// <param name="Id">Chosen by the asker; every answer repeats it.</param>
public sealed record CollectPools(long Id);

/// <summary>The registry's answer to <see cref="CollectPools"/>: how many pools answer, and what it knows about databases.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="PoolCount">How many <see cref="PoolCollected"/> come.</param>
/// <param name="Databases">
/// Every database that is paused, disabled or in use through "*"; those of the configuration file that are neither may be left out.
/// </param>
public sealed record PoolsAnnounced(long Id, int PoolCount, ImmutableArray<DatabaseSnapshot> Databases);

/// <summary>One pool's answer to <see cref="CollectPools"/>.</summary>
public sealed record PoolCollected(long Id, PoolSnapshot Pool);

/// <summary>
/// Asks a loop for its clients: those in login and those logged in to a database other than the console. Answered with one
/// <see cref="ClientsCollected"/>. Console sessions are asked the same question and answer for themselves.
/// </summary>
public sealed record CollectClients(long Id);

/// <summary>The answer to <see cref="CollectClients"/>.</summary>
/// <param name="Id">The question's id.</param>
/// <param name="Clients">The clients.</param>
/// <param name="Buffers">The buffers of the loop.</param>
public sealed record ClientsCollected(long Id, ImmutableArray<SocketSnapshot> Clients, BufferCount Buffers = default);

/// <summary>
/// Asks a loop or a console session to end the client with this number if it is theirs and has logged in. Answered with one
/// <see cref="KillClientAnswered"/>.
/// </summary>
public sealed record KillClient(long Id, long SocketId);

/// <summary>The answer to <see cref="KillClient"/>.</summary>
public sealed record KillClientAnswered(long Id, bool IsFound);

/// <summary>Asks who listens to accept nobody until <see cref="ResumeListeners"/>. Answered with <see cref="ListenersPaused"/>.</summary>
public sealed record PauseListeners(long Id);

/// <summary>The answer to <see cref="PauseListeners"/>: who came before is with the loops.</summary>
public sealed record ListenersPaused(long Id);

/// <summary>Ends <see cref="PauseListeners"/>.</summary>
public sealed record ResumeListeners
{
    public static ResumeListeners Instance { get; } = new();
}

/// <summary>
/// Asks a loop for a step of SUSPEND, in which it stays until <see cref="ResumeLoop"/>. Answered with <see cref="LoopSuspended"/> when the step holds;
/// after suspend_timeout whatever stands in its way is closed.
/// </summary>
public sealed record SuspendLoop(long Id, SuspendStep Step);

/// <summary>The answer to <see cref="SuspendLoop"/>.</summary>
public sealed record LoopSuspended(long Id);

/// <summary>Ends SUSPEND on a loop, whatever step it has reached.</summary>
public sealed record ResumeLoop
{
    public static ResumeLoop Instance { get; } = new();
}

/// <summary>
/// Asks the pools registry to pause one database, or all with null. Answered with <see cref="PoolCommandCompleted"/> once no active or
/// tested server is left there, which may take as long as the longest transaction, or with <see cref="PoolCommandFailed"/>.
/// A <see cref="ResumePools"/> for the same scope makes the late answer unnecessary; one that comes nevertheless is ignored.
/// </summary>
public sealed record PausePools(long Id, string? Database);

/// <summary>
/// Asks the pools registry to take back <see cref="PausePools"/> for one database, or with null the pause of all; a database that was paused by
/// name stays paused then. Answered at once with <see cref="PoolCommandCompleted"/> or <see cref="PoolCommandFailed"/>.
/// </summary>
public sealed record ResumePools(long Id, string? Database);

/// <summary>
/// Takes back the sender's own <see cref="PausePools"/> of this number and nothing that others have paused. Not answered, and no answer to the
/// pause follows; one that is on its way is ignored.
/// </summary>
public sealed record WithdrawPause(long Id, string? Database);

/// <summary>
/// Asks the pools registry for what <paramref name="Kind"/> says, in one database or in all that have a pool. Answered with
/// <see cref="PoolCommandCompleted"/> or <see cref="PoolCommandFailed"/>.
/// </summary>
public sealed record CommandPools(long Id, PoolCommandKind Kind, string? Database);

/// <summary>A pool command has had its effect.</summary>
public sealed record PoolCommandCompleted(long Id);

/// <summary>A pool command is refused; the text goes to the console as it is.</summary>
public sealed record PoolCommandFailed(long Id, string Text);

/// <summary>Asks the root to end the pooler. Sent by the console and by the host's signal handlers.</summary>
public sealed record ShutdownRequested(ShutdownMode Mode);

/// <summary>Tells the admin actor that a shutdown is under way for a reason other than the console, so that SHOW STATE and RESUME know.</summary>
public sealed record ShutdownStarted(ShutdownMode Mode);

/// <summary>Tells the admin actor to pause everything (SIGUSR1). Harmless when paused already.</summary>
public sealed record PauseRequested
{
    public static PauseRequested Instance { get; } = new();
}

/// <summary>Tells the admin actor to end the pause of everything (SIGUSR2). Harmless when nothing is paused; ignored during a shutdown.</summary>
public sealed record ResumeRequested
{
    public static ResumeRequested Instance { get; } = new();
}

/// <summary>Tells a console session that a cancel request with its key has come: everything resumes.</summary>
public sealed record CancelConsoleCommand
{
    public static CancelConsoleCommand Instance { get; } = new();
}
