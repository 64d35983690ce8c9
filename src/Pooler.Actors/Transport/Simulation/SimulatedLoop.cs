using System.Collections.Concurrent;

namespace Pooler.Actors.Transport.Simulation;

/// <summary>
/// A loop of a <see cref="SimulatedNetwork"/>. Its turn is that of the real one: signals of what is ready, the sweep when it is due, then work,
/// of which a random part may have to wait for the next turn.
/// </summary>
internal sealed class SimulatedLoop : Loop
{
    private readonly SimulatedNetwork _network;
    private readonly Queue<IThreadPoolWorkItem> _work = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _outside = new();
    private readonly long _sweepPeriod = (long)DeadlineSweep.Period.TotalMicroseconds;
    private List<SimulatedConnection> _ready = [];
    private List<SimulatedConnection> _polled = [];
    private bool _sweepPlanned;
    private bool _sweepDue;
    private bool _running;
    private long _now;

    internal SimulatedLoop(SimulatedNetwork network, int index, int packetBuffer)
        : base(index)
    {
        _network = network;
        Buffers = new BufferPool(packetBuffer);
        ReceiveBuffer = new byte[Math.Max(64 * 1024, packetBuffer)];
    }

    /// <inheritdoc/>
    public override long Now => _running ? _now : _network.Now;

    /// <inheritdoc/>
    public override DateTimeOffset WallClock => _network.WallClock;

    /// <inheritdoc/>
    public override int ReceiveSize => ReceiveBuffer.Length;

    /// <inheritdoc/>
    public override BufferPool Buffers { get; }

    /// <inheritdoc/>
    public override bool IsCurrent => _running && _network.IsThread;

    internal SimulatedNetwork Network => _network;

    internal byte[] ReceiveBuffer { get; }

    /// <summary>There are signals, deadlines or work for a turn.</summary>
    internal bool IsBusy => _ready.Count > 0 || _work.Count > 0 || _sweepDue || !_outside.IsEmpty || PlanSweep();

    /// <summary>Work items that have begun to run, ever.</summary>
    internal long WorkDone { get; private set; }

    /// <summary>The value of <see cref="WorkDone"/> at which everything queued now has begun to run.</summary>
    internal long WorkQueued => WorkDone + _work.Count;

    /// <inheritdoc/>
    public override void Execute(IThreadPoolWorkItem work)
    {
        if (_network.IsThread)
        {
            _work.Enqueue(work);
        }
        else
        {
            _outside.Enqueue(work);
        }
    }

    /// <inheritdoc/>
    public override Connection Connect(ConnectTarget target, SocketOptions options, IConnectionOwner owner) =>
        SimulatedConnection.Connect(this, target, owner);

    /// <inheritdoc/>
    public override void Attach(Connection connection, IConnectionOwner owner) => ((SimulatedConnection)connection).AttachTo(this, owner);

    /// <inheritdoc/>
    public override bool TryListen(ListenTarget target, IAcceptor acceptor, out Listener? listener, out string? error)
    {
        var opened = SimulatedListener.TryOpen(this, target, acceptor, out var simulated);
        listener = simulated;
        error = opened ? null : "bind(): Address already in use";
        return opened;
    }

    /// <summary>Looks at this connection in the next turn.</summary>
    internal void MakeReady(SimulatedConnection connection)
    {
        if (!connection.IsListedAsReady)
        {
            connection.IsListedAsReady = true;
            _ready.Add(connection);
        }
    }

    /// <summary>One turn.</summary>
    internal void Turn()
    {
        _running = true;
        _now = _network.Now;
        while (_outside.TryDequeue(out var work))
        {
            _work.Enqueue(work);
        }

        (_ready, _polled) = (_polled, _ready);
        foreach (var connection in _polled)
        {
            connection.IsListedAsReady = false;
            Guarded(connection);
        }

        _polled.Clear();
        if (_sweepDue)
        {
            _sweepDue = false;
            Deadlines.Run(_now, _network.Failures.Enqueue);
        }

        for (var rest = _network.PickWork(_work.Count); rest > 0; rest--)
        {
            var work = _work.Dequeue();
            WorkDone++;
            try
            {
                work.Execute();
            }
            catch (Exception exception)
            {
                _network.Failures.Enqueue(exception);
            }
        }

        _running = false;
    }

    private void Guarded(SimulatedConnection connection)
    {
        try
        {
            connection.Poll();
        }
        catch (Exception exception)
        {
            _network.Failures.Enqueue(exception);
        }
    }

    /// <summary>Plans the next sweep while there are deadlines, so that a network without any comes to rest. Always false.</summary>
    private bool PlanSweep()
    {
        if (!_sweepPlanned && Deadlines.Count > 0)
        {
            _sweepPlanned = true;
            _network.Plan(_sweepPeriod, () =>
            {
                _sweepPlanned = false;
                _sweepDue = true;
            });
        }

        return false;
    }
}
