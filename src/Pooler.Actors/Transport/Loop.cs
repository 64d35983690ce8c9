namespace Pooler.Actors.Transport;

/// <summary>
/// One thread's world: the connections it serves, its receive buffer, its pooled buffers, its clock, its deadlines and the queue of work to run.
/// There is a real one (epoll) and a simulated one. Unless a member says otherwise it is called on the loop's own thread.
/// </summary>
public abstract class Loop
{
    protected Loop(int index)
    {
        Index = index;
        Deadlines = new DeadlineSweep();
    }

    /// <summary>The number in the dispatcher's name, pooler.io-loop-N.</summary>
    public int Index { get; }

    /// <summary>Monotonic time in microseconds, read once per turn of the loop: what happens in one turn happens at one time.</summary>
    public abstract long Now { get; }

    /// <summary>Wall-clock time of this turn, for log lines and SHOW.</summary>
    public abstract DateTimeOffset WallClock { get; }

    /// <summary>The most bytes that one <see cref="Connection.Receive"/> gives: with as many, there may be more.</summary>
    public abstract int ReceiveSize { get; }

    /// <summary>Buffers for bytes that have to wait; rent, use, return, all on this thread.</summary>
    public abstract BufferPool Buffers { get; }

    /// <summary>Deadlines of everything on this loop, looked at by one sweep every 333 milliseconds.</summary>
    public DeadlineSweep Deadlines { get; }

    /// <summary>True on the loop's own thread. Any thread may ask.</summary>
    public abstract bool IsCurrent { get; }

    /// <summary>Queues work for this loop. Any thread may call it; on the loop's own thread it takes no lock and wakes nobody.</summary>
    public abstract void Execute(IThreadPoolWorkItem work);

    /// <summary>
    /// Starts an outgoing connection; <paramref name="owner"/> hears <see cref="ConnectionSignal.Connected"/> or
    /// <see cref="ConnectionSignal.ConnectFailed"/> later, never from inside this call.
    /// </summary>
    public abstract Connection Connect(ConnectTarget target, SocketOptions options, IConnectionOwner owner);

    /// <summary>Takes on a detached connection and gives it an owner; bytes that wait already are signalled, reading is not paused.</summary>
    public abstract void Attach(Connection connection, IConnectionOwner owner);

    /// <summary>Opens a listening socket served by this loop. Failures are values: <paramref name="error"/> is the call that failed and the system's text.</summary>
    public abstract bool TryListen(ListenTarget target, IAcceptor acceptor, out Listener? listener, out string? error);
}
