using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Transport.Simulation;

/// <summary>The product's listener in a simulated network. New connections wait in a backlog until the loop's turn.</summary>
internal sealed class SimulatedListener : Listener, ISimulatedEndpoint, IThreadPoolWorkItem
{
    private readonly SimulatedLoop _loop;
    private readonly IAcceptor _acceptor;
    private readonly ListenTarget _target;
    private readonly Queue<(SimulatedEnd End, PeerAddress Client, PeerAddress Local)> _backlog = new();
    private bool _pausedByOwner;
    private bool _pausedByError;
    private bool _closed;

    private SimulatedListener(SimulatedLoop loop, ListenTarget target, IAcceptor acceptor)
    {
        _loop = loop;
        _target = target;
        _acceptor = acceptor;
        Local = target switch
        {
            ListenTarget.Tcp tcp => Epoll.SocketAddressCodec.Tcp(tcp.Address, tcp.Port),
            _ => new PeerAddress(AddressKind.Unix, "unix", ((ListenTarget.Unix)target).Port),
        };
    }

    /// <inheritdoc/>
    public override PeerAddress Local { get; }

    /// <inheritdoc/>
    public bool Answers => true;

    internal static bool TryOpen(
        SimulatedLoop loop, ListenTarget target, IAcceptor acceptor, [NotNullWhen(true)] out SimulatedListener? listener)
    {
        listener = new SimulatedListener(loop, loop.Network.WithPort(target), acceptor);
        if (loop.Network.TryAddListener(listener._target, listener))
        {
            return true;
        }

        listener = null;
        return false;
    }

    /// <summary>Changes nothing: a simulated client always says something first.</summary>
    public override void SetDeferAccept(bool on)
    {
    }

    /// <summary>Changes nothing: a simulated connection has no options.</summary>
    public override void SetOptions(SocketOptions options)
    {
    }

    /// <inheritdoc/>
    public override void Pause() => _pausedByOwner = true;

    /// <inheritdoc/>
    public override void Resume()
    {
        _pausedByOwner = false;
        _loop.Execute(this);
    }

    /// <inheritdoc/>
    public override void Close()
    {
        _closed = true;
        _loop.Network.RemoveListener(_target, this);
        while (_backlog.TryDequeue(out var waiting))
        {
            waiting.End.Reset();
        }
    }

    /// <inheritdoc/>
    public void Offer(SimulatedEnd server, PeerAddress client, PeerAddress local)
    {
        _backlog.Enqueue((server, client, local));
        _loop.Execute(this);
    }

    /// <summary>Accepts the whole backlog, in the loop's turn.</summary>
    public void Execute()
    {
        while (!_closed && !_pausedByOwner && !_pausedByError && _backlog.Count > 0)
        {
            if (_loop.Network.DescriptorsExhausted)
            {
                _pausedByError = true;
                _loop.Network.After(_target.AcceptPause, AcceptAgain);
                _acceptor.AcceptPaused("Too many open files", _target.AcceptPause);
                return;
            }

            var (end, client, local) = _backlog.Dequeue();
            _acceptor.Accepted(SimulatedConnection.Accepted(_loop, end, client, local));
        }
    }

    private void AcceptAgain()
    {
        _pausedByError = false;
        _loop.Execute(this);
    }
}
