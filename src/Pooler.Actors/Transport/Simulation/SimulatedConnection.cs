namespace Pooler.Actors.Transport.Simulation;

/// <summary>The product's end of a simulated connection, with the habits of a level-triggered socket.</summary>
internal sealed class SimulatedConnection : Connection, ISimulatedEndUser
{
    private const string ResetText = "Connection reset by peer";

    // An owner that is told this often of the same bytes neither reads nor pauses: on a real loop it would use up a core.
    private const int UnheardSignalsAtMost = 10_000;

    private readonly SimulatedEnd _end;
    private readonly List<byte> _unsent = [];
    private SimulatedLoop _loop;
    private FlushDeadline? _flushDeadline;
    private Stage _stage;
    private string? _connectError;
    private bool _outcomePending;
    private bool _attached;
    private bool _paused;
    private bool _leaveTold;
    private bool _ended;
    private int _unheardSignals;
    private long _signalledUntil;
    private string? _error;

    private SimulatedConnection(SimulatedLoop loop, SimulatedEnd end, PeerAddress remote, PeerAddress local, Stage stage)
    {
        _loop = loop;
        _end = end;
        _end.User = this;
        Remote = remote;
        Local = local;
        _stage = stage;
    }

    private enum Stage
    {
        Connecting,
        Open,
        Flushing,
        Closed,
    }

    /// <inheritdoc/>
    public override Loop Loop => _loop;

    /// <inheritdoc/>
    public override PeerAddress Remote { get; }

    /// <inheritdoc/>
    public override PeerAddress Local { get; }

    /// <inheritdoc/>
    public override bool IsOpen => _stage != Stage.Closed;

    /// <inheritdoc/>
    public override string? Error => _error;

    /// <inheritdoc/>
    public override int Unsent => _unsent.Count;

    /// <summary>Kept by the loop alone.</summary>
    internal bool IsListedAsReady { get; set; }

    internal static SimulatedConnection Connect(SimulatedLoop loop, ConnectTarget target, IConnectionOwner owner)
    {
        var (client, server) = SimulatedEnd.Pair(loop.Network);
        var local = loop.Network.PickClientAddress(target);
        var connection = new SimulatedConnection(loop, client, SimulatedNetwork.RemoteOf(target), local, Stage.Connecting)
        {
            Owner = owner,
            _attached = true,
        };
        loop.Network.PlanConnect(target, server, local, connection.ConnectEnded);
        return connection;
    }

    internal static SimulatedConnection Accepted(SimulatedLoop loop, SimulatedEnd end, PeerAddress remote, PeerAddress local) =>
        new(loop, end, remote, local, Stage.Open);

    /// <inheritdoc/>
    public override ReceiveStatus Receive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_stage != Stage.Open)
        {
            return _stage == Stage.Connecting ? ReceiveStatus.WouldBlock : ReceiveStatus.Failed;
        }

        _unheardSignals = 0;
        _signalledUntil = 0;
        var count = _end.Read(_loop.ReceiveBuffer);
        if (count > 0)
        {
            bytes = _loop.ReceiveBuffer.AsSpan(0, count);
            return ReceiveStatus.Data;
        }

        if (_end.ResetArrived)
        {
            _ended = true;
            _error ??= ResetText;
            return ReceiveStatus.Failed;
        }

        _ended = _end.EndArrived;
        return _ended ? ReceiveStatus.EndOfStream : ReceiveStatus.WouldBlock;
    }

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (_stage is Stage.Closed or Stage.Flushing)
        {
            return;
        }

        if (_end.ResetArrived)
        {
            _error ??= ResetText;
            return;
        }

        var taken = _unsent.Count == 0 && _stage == Stage.Open ? _end.Write(bytes) : 0;
        _unsent.AddRange(bytes[taken..]);
    }

    /// <inheritdoc/>
    public override void PauseReading()
    {
        _paused = true;

        // The end may have come already, behind bytes that stay unread.
        _loop.MakeReady(this);
    }

    /// <inheritdoc/>
    public override void ResumeReading()
    {
        _paused = false;
        _leaveTold = false;
        _loop.MakeReady(this);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_stage == Stage.Closed)
        {
            return;
        }

        _stage = Stage.Closed;
        Owner = null;
        _unsent.Clear();
        if (_flushDeadline is not null)
        {
            _loop.Deadlines.Remove(_flushDeadline);
            _flushDeadline = null;
        }

        _end.Close();
    }

    /// <inheritdoc/>
    public override void CloseAfterFlush()
    {
        if (_stage == Stage.Open && _unsent.Count > 0 && _attached)
        {
            _stage = Stage.Flushing;
            Owner = null;
            _flushDeadline = new FlushDeadline(this, _loop.Now + FlushDeadline.Limit);
            _loop.Deadlines.Add(_flushDeadline);
        }
        else if (_stage != Stage.Flushing)
        {
            FinishAndClose();
        }
    }

    /// <inheritdoc/>
    public override void Detach()
    {
        if (_unsent.Count > 0 || _stage != Stage.Open)
        {
            throw new InvalidOperationException("Only an open connection without unsent bytes can be detached.");
        }

        Owner = null;
        _attached = false;
    }

    /// <inheritdoc/>
    void ISimulatedEndUser.Readable() => _loop.MakeReady(this);

    /// <inheritdoc/>
    void ISimulatedEndUser.Writable() => _loop.MakeReady(this);

    internal void AttachTo(SimulatedLoop loop, IConnectionOwner owner)
    {
        if (_attached)
        {
            throw new InvalidOperationException("The connection is on a loop already.");
        }

        // It may still be listed by the old loop, whose look at it is harmless and lists it anew.
        _loop = loop;
        _attached = true;
        _ended = false;
        _paused = false;
        _leaveTold = false;
        _signalledUntil = 0;
        Owner = owner;
        loop.MakeReady(this);
    }

    /// <summary>The loop's look at this connection: signals what is the case, and again in the next turn while it stays the case.</summary>
    internal void Poll()
    {
        if (!_attached || _stage == Stage.Closed)
        {
            return;
        }

        if (!_loop.IsCurrent)
        {
            _loop.MakeReady(this);
            return;
        }

        if (_outcomePending)
        {
            _outcomePending = false;
            TellOutcome();
        }

        if (_unsent.Count > 0 && _stage is Stage.Open or Stage.Flushing)
        {
            Flush();
        }

        if (_stage == Stage.Open && _paused && !_ended && !_leaveTold && (_end.EndArrived || _end.ResetArrived))
        {
            _leaveTold = true;
            Owner?.Signal(this, ConnectionSignal.PeerLeft);
        }

        if (_stage != Stage.Open || _paused || _ended || !_attached || !_end.IsReadable)
        {
            return;
        }

        _loop.MakeReady(this);
        if (_loop.WorkDone < _signalledUntil)
        {
            return;
        }

        if (++_unheardSignals > UnheardSignalsAtMost)
        {
            PauseReading();
            throw new InvalidOperationException($"The owner of {Remote} neither reads what is there nor pauses.");
        }

        Owner?.Signal(this, ConnectionSignal.Readable);
        _signalledUntil = _loop.WorkQueued;
    }

    private void ConnectEnded(string? error)
    {
        _connectError = error;
        _outcomePending = true;
        _loop.MakeReady(this);
    }

    private void TellOutcome()
    {
        if (_connectError is null)
        {
            _stage = Stage.Open;
            Owner?.Signal(this, ConnectionSignal.Connected);
            return;
        }

        var owner = Owner;
        _error = _connectError;
        Close();
        owner?.Signal(this, ConnectionSignal.ConnectFailed);
    }

    private void Flush()
    {
        var before = _unsent.Count;
        var taken = _end.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_unsent));
        _unsent.RemoveRange(0, taken);
        if (_unsent.Count > 0 || before == 0)
        {
            return;
        }

        if (_stage == Stage.Flushing)
        {
            FinishAndClose();
            return;
        }

        if (_end.ResetArrived)
        {
            _error ??= ResetText;
        }

        Owner?.Signal(this, ConnectionSignal.Drained);
    }

    private void FinishAndClose()
    {
        // What is there already is taken out, so that the close is one in good order.
        // Not into the loop's buffer: whoever closes may still be looking at what it received last.
        Span<byte> scratch = stackalloc byte[1024];
        while (_end.Read(scratch) > 0)
        {
        }

        Close();
    }
}
