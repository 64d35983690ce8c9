using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>
/// A listening socket on an <see cref="EpollLoop"/>. Errors of accept come in three tiers: want of descriptors or memory pauses accepting, errors
/// of the one connection that was to be accepted are skipped, anything else is reported and pauses as well, so that it cannot spin.
/// </summary>
internal sealed unsafe class SocketListener : Listener, IEpollSource, IDeadlineHolder
{
    // The rest of a larger burst is taken in the next turn, after the work that these connections have caused.
    private const int AcceptsPerTurn = 512;

    private readonly EpollLoop _loop;
    private readonly IAcceptor _acceptor;
    private readonly ListenTarget _target;
    private readonly int _descriptor;
    private readonly PeerAddress _local;

    // The last number that the kernel gave; high ones make the next accept look first.
    private int _lastNumber;
    private int _slot;
    private uint _armed = LibC.EpollIn;
    private bool _pausedByOwner;
    private long _resumeAt = -1;

    private SocketListener(EpollLoop loop, IAcceptor acceptor, ListenTarget target, int descriptor)
    {
        _loop = loop;
        _acceptor = acceptor;
        _target = target;
        _descriptor = descriptor;
        _local = SocketSetup.ReadLocal(descriptor, (target as ListenTarget.Unix)?.Port ?? 0);
    }

    /// <inheritdoc/>
    public override PeerAddress Local => _local;

    /// <inheritdoc/>
    int IDeadlineHolder.SweepPosition { get; set; } = -1;

    private bool IsClosed => _slot < 0;

    /// <summary>Binds and listens; failures are values with the call and the system's text.</summary>
    internal static bool TryOpen(
        EpollLoop loop, ListenTarget target, IAcceptor acceptor, [NotNullWhen(true)] out SocketListener? listener, out string? error)
    {
        listener = null;
        var descriptor = SocketSetup.OpenForListen(target, out error);
        if (descriptor < 0)
        {
            return false;
        }

        var opened = new SocketListener(loop, acceptor, target, descriptor);
        if (!loop.TryRegister(opened, descriptor, LibC.EpollIn, out opened._slot))
        {
            error = Errno.LastText();
            LibC.Close(descriptor);
            return false;
        }

        listener = opened;
        return true;
    }

    /// <inheritdoc/>
    public override void SetDeferAccept(bool on)
    {
        if (!IsClosed && _target is ListenTarget.Tcp)
        {
            SocketSetup.TrySetDeferAccept(_descriptor, on);
        }
    }

    /// <inheritdoc/>
    public override void SetOptions(SocketOptions options)
    {
        if (!IsClosed && _target is ListenTarget.Tcp)
        {
            SocketSetup.TrySetTcpOptions(_descriptor, options);
        }
    }

    /// <inheritdoc/>
    public override void Pause()
    {
        _pausedByOwner = true;
        Arm();
    }

    /// <inheritdoc/>
    public override void Resume()
    {
        _pausedByOwner = false;
        Arm();
    }

    /// <inheritdoc/>
    public override void Close()
    {
        if (IsClosed)
        {
            return;
        }

        _loop.Control(LibC.EpollDelete, _descriptor, 0, _slot);
        _loop.Release(_slot);
        _slot = -1;
        _loop.Deadlines.Remove(this);
        LibC.Close(_descriptor);
        if (_target is ListenTarget.Unix unix && !unix.Path.StartsWith('@'))
        {
            LibC.Unlink(unix.Path);
        }
    }

    /// <inheritdoc/>
    void IEpollSource.Abandon() => Close();

    /// <inheritdoc/>
    void IDeadlineHolder.Sweep(long now)
    {
        if (now >= _resumeAt)
        {
            _loop.Deadlines.Remove(this);
            _resumeAt = -1;
            Arm();
        }
    }

    /// <inheritdoc/>
    void IEpollSource.Ready(uint events)
    {
        var address = stackalloc byte[SocketAddressCodec.MaxSize];
        for (var i = 0; i < AcceptsPerTurn && !IsClosed && _armed != 0; i++)
        {
            if (IsBudgetUsedUp())
            {
                Suspend(Errno.TooManyDescriptors);
                return;
            }

            uint length = SocketAddressCodec.MaxSize;
            var accepted = LibC.Accept(_descriptor, address, &length, LibC.NonBlocking | LibC.CloseOnExec);
            if (accepted >= 0)
            {
                _lastNumber = accepted;
                var bytes = new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddressCodec.MaxSize));
                Hand(accepted, bytes);
            }
            else if (!GoesOnAfter(Errno.Last))
            {
                return;
            }
        }
    }

    private void Hand(int descriptor, ReadOnlySpan<byte> address)
    {
        var remote = SocketAddressCodec.Read(address, _local.Port);
        if (remote.Kind == AddressKind.Unix)
        {
            remote = SocketSetup.WithCredentials(descriptor, remote);
        }

        var connection = SocketConnection.Accepted(_loop, descriptor, remote);
        try
        {
            _acceptor.Accepted(connection);
        }
        catch
        {
            connection.Close();
            throw;
        }
    }

    private bool GoesOnAfter(int errno)
    {
        switch (errno)
        {
            case Errno.WouldBlock:
                return false;

            // Errors of the network below a connection that nobody has any more; accept(2) says to treat them like EAGAIN.
            case Errno.Interrupted or Errno.ConnectionAborted or Errno.ProtocolError or Errno.NoProtocolOption or Errno.OperationNotSupported
                or Errno.NetworkDown or Errno.NetworkUnreachable or Errno.HostDown or Errno.HostUnreachable or Errno.NotPermitted:
                return true;

            default:
                Suspend(errno);
                return false;
        }
    }

    /// <summary>True if the next descriptor is not for clients. Costs a call of the system only when the last one was near that.</summary>
    private bool IsBudgetUsedUp()
    {
        if (_loop.Descriptors.IsForClients(_lastNumber + 1))
        {
            return false;
        }

        // Any new descriptor gets the number that an accepted one would get.
        var probe = LibC.EventDescriptor(0, LibC.CloseOnExec);
        if (probe < 0)
        {
            return true;
        }

        LibC.Close(probe);
        _lastNumber = probe - 1;
        return !_loop.Descriptors.IsForClients(probe);
    }

    private void Suspend(int errno)
    {
        _resumeAt = _loop.Now + (long)_target.AcceptPause.TotalMicroseconds;
        _loop.Deadlines.Add(this);
        Arm();
        _acceptor.AcceptPaused(Errno.Text(errno), _target.AcceptPause);
    }

    private void Arm()
    {
        var wanted = _pausedByOwner || _resumeAt >= 0 ? 0 : LibC.EpollIn;
        if (!IsClosed && wanted != _armed && _loop.Control(LibC.EpollModify, _descriptor, wanted, _slot))
        {
            _armed = wanted;
        }
    }
}
