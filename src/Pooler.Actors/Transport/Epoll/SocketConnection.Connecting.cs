namespace Pooler.Actors.Transport.Epoll;

/// <summary>Outgoing connections. The outcome is told from the loop, never from inside the call that starts it.</summary>
internal sealed unsafe partial class SocketConnection : IThreadPoolWorkItem
{
    /// <summary>Starts a connection; failures of every kind are told as <see cref="ConnectionSignal.ConnectFailed"/>.</summary>
    internal static SocketConnection Connect(EpollLoop loop, ConnectTarget target, SocketOptions options, IConnectionOwner owner)
    {
        var address = stackalloc byte[SocketAddressCodec.MaxSize];
        var buffer = new Span<byte>(address, SocketAddressCodec.MaxSize);
        var descriptor = SocketSetup.OpenForConnect(target, options, buffer, out var length, out var remote, out var error);
        if (descriptor >= 0 && !loop.Descriptors.IsForServers(descriptor))
        {
            LibC.Close(descriptor);
            descriptor = -1;
            error = Errno.Text(Errno.TooManyDescriptors);
        }

        var connection = new SocketConnection(loop, descriptor, remote, ConnectionState.Connecting) { Owner = owner };
        if (descriptor < 0)
        {
            connection.FailLater(error!);
            return connection;
        }

        var errno = LibC.Connect(descriptor, address, (uint)length) == 0 ? 0 : Errno.Last;
        if (errno is 0 or Errno.InProgress or Errno.Interrupted)
        {
            // A unix socket stands at once; it is writable then, so the next turn tells of it as of any other.
            connection.Register(LibC.EpollOut);
        }
        else
        {
            connection.FailLater(Errno.Text(errno));
        }

        return connection;
    }

    /// <summary>Runs from the loop's queue: tells of a failure that was found inside a call of the owner.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        switch (_state)
        {
            case ConnectionState.Connecting:
                FailConnect();
                break;
            case ConnectionState.Open:
                Owner?.Signal(this, ConnectionSignal.Readable);
                break;
            case ConnectionState.Flushing:
                Close();
                break;
        }
    }

    private void FailLater(string error)
    {
        _error ??= error;
        _unwatched = true;
        _sendingFailed = true;
        _loop.Execute(this);
    }

    private void FinishConnect()
    {
        var errno = LibC.GetOption(_descriptor, LibC.LevelSocket, LibC.SocketError, Errno.ProtocolError);
        if (errno != 0)
        {
            _error ??= Errno.Text(errno);
            FailConnect();
            return;
        }

        _state = ConnectionState.Open;
        if (_remote.Kind == AddressKind.Unix)
        {
            _remote = SocketSetup.WithCredentials(_descriptor, _remote);
        }

        if (_unsent > 0)
        {
            Flush();
        }

        Arm(Wanted);
        Owner?.Signal(this, ConnectionSignal.Connected);
    }

    private void FailConnect()
    {
        var owner = Owner;
        Close();
        owner?.Signal(this, ConnectionSignal.ConnectFailed);
    }
}
