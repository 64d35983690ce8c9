using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>
/// A loop over epoll, on a thread of its own. One turn: wait for readiness, read the clock, signal all that is ready, sweep the deadlines when
/// that is due, run queued work. Work that one turn cannot finish is continued after another look at the sockets, so that neither starves the
/// other.
/// </summary>
internal sealed unsafe class EpollLoop : Loop
{
    private const int EventsPerTurn = 256;
    private const int WorkPerTurn = 256;
    private const int SegmentsKept = 256;
    private const int TurnsAtEnd = 64;
    private const ulong WakeKey = ulong.MaxValue;

    [ThreadStatic]
    private static EpollLoop? _current;

    private readonly int _epoll;
    private readonly int _wake;

    // Closed by its finaliser only: a thread that is about to wake the loop must not meet the descriptor's next user.
    private readonly SafeFileHandle _wakeLifetime;
    private readonly TimeProvider _time;
    private readonly Action<Loop, Exception> _failed;
    private readonly Action<Exception> _report;
    private readonly Thread _thread;
    private readonly SourceTable _sources = new();
    private readonly Queue<WorkItem> _local = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _remote = new();
    private readonly byte[] _receiveBuffer;
    private readonly long _sweepPeriod = (long)DeadlineSweep.Period.TotalMicroseconds;
    private OutputSegment? _freeSegments;
    private int _freeSegmentCount;
    private int _sleeping;
    private volatile bool _stopping;
    private long _now;
    private long _nextSweep;
    private DateTimeOffset? _wallClock;

    /// <param name="index">N of pooler.io-loop-N.</param>
    /// <param name="packetBuffer">Setting pkt_buf: size of a pooled buffer; the receive buffer has at least 64 KB.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Told, on this loop's thread, of exceptions that work or a signal let escape. They end nothing else.</param>
    /// <param name="descriptors">What its connections may use of the process's descriptors.</param>
    internal EpollLoop(int index, int packetBuffer, TimeProvider time, Action<Loop, Exception> failed, DescriptorBudget descriptors)
        : base(index)
    {
        Descriptors = descriptors;
        _time = time;
        _failed = failed;
        _report = ReportFailure;
        Buffers = new BufferPool(packetBuffer);
        _receiveBuffer = GC.AllocateUninitializedArray<byte>(Math.Max(64 * 1024, packetBuffer), pinned: true);
        _epoll = Checked(LibC.EpollCreate(LibC.CloseOnExec), "epoll_create1");
        _wake = Checked(LibC.EventDescriptor(0, LibC.CloseOnExec | LibC.NonBlocking), "eventfd");

        _wakeLifetime = new SafeFileHandle(_wake, ownsHandle: true);

        // Edge-triggered: every write is a new event, so the counter needs no reading.
        var buffer = stackalloc byte[16];
        EpollEvent.Write(buffer, LibC.EpollIn | LibC.EpollEdgeTriggered, WakeKey);
        Checked(LibC.EpollControl(_epoll, LibC.EpollAdd, _wake, buffer), "epoll_ctl");
        _thread = new Thread(Run) { Name = $"io-loop-{index}", IsBackground = true };
        ReadClock();
        _nextSweep = _now + _sweepPeriod;
    }

    /// <inheritdoc/>
    public override long Now => _now;

    /// <inheritdoc/>
    public override DateTimeOffset WallClock => _wallClock ??= _time.GetUtcNow();

    /// <inheritdoc/>
    public override int ReceiveSize => ReceiveBuffer.Length;

    /// <inheritdoc/>
    public override BufferPool Buffers { get; }

    /// <inheritdoc/>
    public override bool IsCurrent => _current == this;

    internal DescriptorBudget Descriptors { get; }

    /// <summary>Where every receive of this loop puts its bytes; pinned.</summary>
    internal byte[] ReceiveBuffer => _receiveBuffer;

    /// <summary>Work items of this thread that have begun to run, ever.</summary>
    internal long WorkDone { get; private set; }

    /// <summary>The value of <see cref="WorkDone"/> at which everything queued now has begun to run.</summary>
    internal long WorkQueued => WorkDone + _local.Count;

    /// <summary>Times that epoll has been asked, ever: stands still while nothing happens.</summary>
    internal long Turns { get; private set; }

    /// <inheritdoc/>
    public override void Execute(IThreadPoolWorkItem work)
    {
        if (_current == this)
        {
            _local.Enqueue(new WorkItem(work));
            return;
        }

        _remote.Enqueue(work);

        // The loop raises the flag and looks at the queue once more before it sleeps: either it sees this work, or this thread sees the flag.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _sleeping) != 0 && Interlocked.Exchange(ref _sleeping, 0) != 0)
        {
            Wake();
        }
    }

    /// <inheritdoc/>
    public override Connection Connect(ConnectTarget target, SocketOptions options, IConnectionOwner owner) =>
        SocketConnection.Connect(this, target, options, owner);

    /// <inheritdoc/>
    public override void Attach(Connection connection, IConnectionOwner owner) => ((SocketConnection)connection).AttachTo(this, owner);

    /// <inheritdoc/>
    public override bool TryListen(ListenTarget target, IAcceptor acceptor, out Listener? listener, out string? error)
    {
        var opened = SocketListener.TryOpen(this, target, acceptor, out var socket, out error);
        listener = socket;
        return opened;
    }

    internal void Start() => _thread.Start();

    /// <summary>Ends the loop after the work that is queued now; its connections are closed. Any thread; waits unless it is the loop's own.</summary>
    internal void Stop()
    {
        _stopping = true;
        Wake();
        if (_current != this && _thread.IsAlive)
        {
            _thread.Join();
        }
    }

    /// <summary>Puts a descriptor under the loop's eye. False leaves errno behind.</summary>
    internal bool TryRegister(IEpollSource source, int descriptor, uint events, out int slot)
    {
        slot = _sources.Add(source);
        if (Control(LibC.EpollAdd, descriptor, events, slot))
        {
            return true;
        }

        _sources.Remove(slot);
        slot = -1;
        return false;
    }

    /// <summary>Forgets a slot; events of this turn that are still to be looked at do not reach whoever gets the slot next.</summary>
    internal void Release(int slot) => _sources.Remove(slot);

    /// <summary>EPOLL_CTL_ADD, MOD or DEL for a descriptor that has a slot. False leaves errno behind.</summary>
    internal bool Control(int operation, int descriptor, uint events, int slot)
    {
        var buffer = stackalloc byte[16];
        EpollEvent.Write(buffer, events, _sources.KeyOf(slot));
        return LibC.EpollControl(_epoll, operation, descriptor, buffer) == 0;
    }

    /// <summary>An empty segment with a buffer of at least <paramref name="size"/> bytes.</summary>
    internal OutputSegment RentSegment(int size)
    {
        var segment = _freeSegments;
        if (segment is null)
        {
            segment = new OutputSegment();
        }
        else
        {
            _freeSegments = segment.Next;
            _freeSegmentCount--;
        }

        segment.Buffer = Buffers.Rent(size);
        segment.Start = 0;
        segment.End = 0;
        segment.Next = null;
        return segment;
    }

    internal void ReturnSegment(OutputSegment segment)
    {
        Buffers.Return(segment.Buffer);
        segment.Buffer = [];
        segment.Next = null;
        if (_freeSegmentCount < SegmentsKept)
        {
            segment.Next = _freeSegments;
            _freeSegments = segment;
            _freeSegmentCount++;
        }
    }

    private static int Checked(int result, string call) =>
        result >= 0 ? result : throw new IOException($"{call}: {Errno.LastText()}");

    private void Wake()
    {
        ulong one = 1;
        LibC.Write(_wake, &one, sizeof(ulong));
        GC.KeepAlive(_wakeLifetime);
    }

    private void Run()
    {
        _current = this;
        var events = stackalloc byte[EventsPerTurn * 16];
        while (!_stopping)
        {
            var count = LibC.EpollWait(_epoll, events, EventsPerTurn, WaitTime());
            var errno = count < 0 ? Errno.OfHotCall : 0;
            Volatile.Write(ref _sleeping, 0);
            Turns++;
            ReadClock();
            if (count > 0)
            {
                SignalReady(events, count);
            }
            else if (errno is not (0 or Errno.Interrupted))
            {
                // Only a bug can lead here, like a descriptor that was closed by somebody else.
                ReportFailure(new IOException($"epoll_wait: {Errno.Text(errno)}"));
                break;
            }

            if (_now >= _nextSweep)
            {
                _nextSweep = _now + _sweepPeriod;
                Deadlines.Run(_now, _report);
            }

            RunWork();
        }

        End();
    }

    /// <summary>Milliseconds that epoll may sleep: 0 with work at hand, until the next sweep with deadlines to look at, else for ever (-1).</summary>
    private int WaitTime()
    {
        if (_local.Count > 0)
        {
            return 0;
        }

        // A full fence lies between raising the flag and the second look at the queue; see Execute.
        Interlocked.Exchange(ref _sleeping, 1);
        if (!_remote.IsEmpty || _stopping)
        {
            Volatile.Write(ref _sleeping, 0);
            return 0;
        }

        if (Deadlines.Count == 0)
        {
            return -1;
        }

        return (int)Math.Clamp((_nextSweep - _now + 999) / 1000, 0, (_sweepPeriod / 1000) + 1);
    }

    private void SignalReady(byte* events, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var entry = events + (i * EpollEvent.Size);
            var key = EpollEvent.Data(entry);
            if (key == WakeKey || !_sources.TryGet(key, out var source))
            {
                continue;
            }

            try
            {
                source.Ready(EpollEvent.Events(entry));
            }
            catch (Exception exception)
            {
                ReportFailure(exception);
            }
        }
    }

    private void RunWork()
    {
        // What other threads queued takes its place behind what is here already: first come, first served, bounded per turn.
        TakeRemoteWork(WorkPerTurn);
        for (var budget = WorkPerTurn; budget > 0; budget--)
        {
            if (!_local.TryDequeue(out var work))
            {
                TakeRemoteWork(budget);
                if (!_local.TryDequeue(out work))
                {
                    return;
                }
            }

            WorkDone++;
            try
            {
                work.Work.Execute();
            }
            catch (Exception exception)
            {
                ReportFailure(exception);
            }
        }
    }

    private void TakeRemoteWork(int atMost)
    {
        while (atMost-- > 0 && _remote.TryDequeue(out var work))
        {
            _local.Enqueue(new WorkItem(work));
        }
    }

    private void ReadClock()
    {
        var ticks = _time.GetTimestamp();
        var frequency = _time.TimestampFrequency;
        _now = frequency == 1_000_000_000 ? ticks / 1000 : (long)((Int128)ticks * 1_000_000 / frequency);
        _wallClock = null;
    }

    private void ReportFailure(Exception exception)
    {
        try
        {
            _failed(this, exception);
        }
        catch
        {
            // Whoever listens for failures has one of its own; the loop outlives both.
        }
    }

    /// <summary>In an array of interfaces every store is checked for its type; in one of structs none is.</summary>
    private readonly record struct WorkItem(IThreadPoolWorkItem Work);

    private void End()
    {
        // Work may queue more work; what does not come to an end is dropped.
        for (var turn = 0; turn < TurnsAtEnd && (_local.Count > 0 || !_remote.IsEmpty); turn++)
        {
            RunWork();
        }

        _sources.AbandonAll();
        LibC.Close(_epoll);
    }
}
