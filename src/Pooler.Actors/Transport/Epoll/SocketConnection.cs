namespace Pooler.Actors.Transport.Epoll;

/// <summary>
/// A socket on an <see cref="EpollLoop"/>, level-triggered. In steady state the descriptor stays registered for EPOLLIN: pausing sets a flag, and
/// only an event that comes while the flag is set disarms it, but for the peer's leaving. EPOLLOUT is armed while something is unsent. So a query that is relayed costs no
/// epoll_ctl.
/// </summary>
internal sealed unsafe partial class SocketConnection : Connection, IEpollSource
{
    private const uint NotArmed = uint.MaxValue;
    private const uint BrokenEvents = LibC.EpollError | LibC.EpollHangUp;
    private const uint LeftEvents = BrokenEvents | LibC.EpollPeerHangUp;

    private EpollLoop _loop;
    private int _descriptor;
    private int _slot = -1;

    // The events that epoll watches for; NotArmed while the descriptor is not in the set.
    private uint _armed = NotArmed;
    private ConnectionState _state;
    private bool _paused;
    private bool _leaveTold;
    private bool _ended;
    private bool _sendingFailed;
    private bool _unwatched;

    // Readable is not repeated before the loop has run the work that was queued when it was signalled last.
    private long _signalledUntil;
    private PeerAddress _remote;
    private PeerAddress? _local;
    private string? _error;

    private SocketConnection(EpollLoop loop, int descriptor, PeerAddress remote, ConnectionState state)
    {
        _loop = loop;
        _descriptor = descriptor;
        _remote = remote;
        _state = state;
    }

    /// <inheritdoc/>
    public override Loop Loop => _loop;

    /// <inheritdoc/>
    public override PeerAddress Remote => _remote;

    /// <inheritdoc/>
    public override PeerAddress Local => _local ??= SocketSetup.ReadLocal(_descriptor, _remote.Port);

    /// <inheritdoc/>
    public override bool IsOpen => _state != ConnectionState.Closed;

    /// <inheritdoc/>
    public override string? Error => _error;

    public override bool HasFailedAtOnce => _unwatched;

    /// <summary>For tests of options and for handing the socket to another process.</summary>
    internal int Descriptor => _descriptor;

    private uint Wanted => WantedToReceive | (_unsent > 0 ? LibC.EpollOut : 0);

    private uint WantedToReceive =>
        _ended || _state == ConnectionState.Flushing ? 0
        : !_paused ? LibC.EpollIn
        : _leaveTold ? 0
        : LibC.EpollPeerHangUp;

    /// <summary>A socket that a listener has accepted; it is on no loop until it is attached.</summary>
    internal static SocketConnection Accepted(EpollLoop loop, int descriptor, PeerAddress remote) =>
        new(loop, descriptor, remote, ConnectionState.Open);

    /// <inheritdoc/>
    public override ReceiveStatus Receive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        if (_state != ConnectionState.Open)
        {
            return _state == ConnectionState.Connecting ? ReceiveStatus.WouldBlock : ReceiveStatus.Failed;
        }

        _signalledUntil = 0;
        var buffer = _loop.ReceiveBuffer;
        while (true)
        {
            nint count;
            fixed (byte* start = buffer)
            {
                count = LibC.Receive(_descriptor, start, (nuint)buffer.Length, 0);
            }

            if (count > 0)
            {
                bytes = new ReadOnlySpan<byte>(buffer, 0, (int)count);
                return ReceiveStatus.Data;
            }

            if (count == 0)
            {
                // What the peer sent before it broke off has been read by now; a failed send outweighs the end of the stream.
                _ended = true;
                return _sendingFailed ? ReceiveStatus.Failed : ReceiveStatus.EndOfStream;
            }

            var errno = Errno.OfHotCall;
            if (errno == Errno.WouldBlock)
            {
                // A socket that epoll refuses to watch is of no use: nothing would ever be signalled.
                return _unwatched ? ReceiveStatus.Failed : ReceiveStatus.WouldBlock;
            }

            if (errno != Errno.Interrupted)
            {
                _ended = true;
                _error ??= Errno.Text(errno);
                return ReceiveStatus.Failed;
            }
        }
    }

    /// <inheritdoc/>
    public override void PauseReading() => _paused = true;

    /// <inheritdoc/>
    public override void ResumeReading()
    {
        _paused = false;
        _leaveTold = false;
        if (_state == ConnectionState.Open && _slot >= 0 && (_armed == NotArmed || (_armed & LibC.EpollIn) == 0))
        {
            Arm(Wanted);
        }
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (_state == ConnectionState.Closed)
        {
            return;
        }

        _state = ConnectionState.Closed;
        Owner = null;
        LeaveLoop();
        DropUnsent();
        if (_descriptor >= 0)
        {
            LibC.Close(_descriptor);
            _descriptor = -1;
        }
    }

    /// <inheritdoc/>
    public override void Detach()
    {
        if (_unsent > 0 || _state != ConnectionState.Open)
        {
            throw new InvalidOperationException("Only an open connection without unsent bytes can be detached.");
        }

        Owner = null;
        LeaveLoop();
    }

    /// <summary>Puts a detached connection on a loop, on that loop's thread.</summary>
    internal void AttachTo(EpollLoop loop, IConnectionOwner owner)
    {
        if (_slot >= 0)
        {
            throw new InvalidOperationException("The connection is on a loop already.");
        }

        // The new owner begins as with a fresh connection: an end of the stream that the former one has met is signalled to it as well.
        _ended = false;
        _paused = false;
        _leaveTold = false;
        _signalledUntil = 0;
        _loop = loop;
        Owner = owner;
        if (_state == ConnectionState.Open)
        {
            Register(Wanted);
        }
    }

    /// <inheritdoc/>
    void IEpollSource.Ready(uint events)
    {
        if (_state == ConnectionState.Connecting)
        {
            FinishConnect();
            return;
        }

        if (_unsent > 0 && (events & (LibC.EpollOut | BrokenEvents)) != 0)
        {
            Flush();
            if (_unsent == 0)
            {
                AfterFlush();
            }
        }

        if ((events & (LibC.EpollIn | LeftEvents)) != 0 && _slot >= 0)
        {
            ReadyToReceive(events);
        }
    }

    /// <inheritdoc/>
    void IEpollSource.Abandon() => Close();

    private void ReadyToReceive(uint events)
    {
        if (_state == ConnectionState.Flushing)
        {
            // EPOLLERR and EPOLLHUP cannot be masked: nobody reads what is unsent any more.
            if ((events & BrokenEvents) != 0)
            {
                Close();
            }

            return;
        }

        if (_paused || _ended)
        {
            var broken = (events & BrokenEvents) != 0;
            var left = _paused && !_ended && !_leaveTold && (events & LeftEvents) != 0;
            _leaveTold |= left;
            Arm(broken ? NotArmed : Wanted);
            if (left)
            {
                Owner?.Signal(this, ConnectionSignal.PeerLeft);
            }

            if (_paused || !broken)
            {
                return;
            }
        }

        if (_loop.WorkDone < _signalledUntil)
        {
            return;
        }

        Owner?.Signal(this, ConnectionSignal.Readable);
        _signalledUntil = _loop.WorkQueued;
    }

    private void Register(uint events)
    {
        if (_loop.TryRegister(this, _descriptor, events, out _slot))
        {
            _armed = events;
        }
        else
        {
            FailLater(Errno.LastText());
        }
    }

    private void Arm(uint wanted)
    {
        if (wanted == _armed || _slot < 0)
        {
            return;
        }

        var operation = wanted == NotArmed ? LibC.EpollDelete : _armed == NotArmed ? LibC.EpollAdd : LibC.EpollModify;
        if (_loop.Control(operation, _descriptor, wanted, _slot))
        {
            _armed = wanted;
        }
        else
        {
            FailLater(Errno.LastText());
        }
    }

    private void LeaveLoop()
    {
        if (_slot < 0)
        {
            return;
        }

        // Said before the close: a descriptor that another process holds too would stay in the set.
        Arm(NotArmed);
        _loop.Release(_slot);
        _slot = -1;
        _armed = NotArmed;
        if (_flushDeadline is not null)
        {
            _loop.Deadlines.Remove(_flushDeadline);
            _flushDeadline = null;
        }
    }
}
