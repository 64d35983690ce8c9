namespace Pooler.Actors.Transport.Epoll;

/// <summary>Makes sockets and sets and reads their options. Failures are values with the system's text.</summary>
internal static unsafe class SocketSetup
{
    // Seconds that TCP_DEFER_ACCEPT waits for the first bytes of a client: few, because client_login_timeout begins only behind them.
    private const int DeferAcceptSeconds = 1;

    /// <summary>A non-blocking socket for <paramref name="target"/> and the address to connect to; -1 with the error's text.</summary>
    internal static int OpenForConnect(
        ConnectTarget target, SocketOptions options, Span<byte> address, out int length, out PeerAddress remote, out string? error)
    {
        if (target is ConnectTarget.Unix unix)
        {
            remote = SocketAddressCodec.Unix(unix.Port);
            if (!SocketAddressCodec.TryWriteUnix(address, unix.Path, out length))
            {
                error = Errno.Text(Errno.NameTooLong);
                return -1;
            }

            return Open(LibC.FamilyUnix, out error);
        }

        var tcp = (ConnectTarget.Tcp)target;
        remote = SocketAddressCodec.Tcp(tcp.Address, tcp.Port);
        length = SocketAddressCodec.Write(address, tcp.Address, tcp.Port);
        var descriptor = Open(remote.Kind == AddressKind.IPv6 ? LibC.FamilyIPv6 : LibC.FamilyIPv4, out error);
        if (descriptor >= 0 && !TrySetTcpOptions(descriptor, options))
        {
            error = Errno.LastText();
            LibC.Close(descriptor);
            return -1;
        }

        return descriptor;
    }

    /// <summary>A bound and listening socket; -1 with what failed and the error's text.</summary>
    internal static int OpenForListen(ListenTarget target, out string? error)
    {
        var address = stackalloc byte[SocketAddressCodec.MaxSize];
        var buffer = new Span<byte>(address, SocketAddressCodec.MaxSize);
        int descriptor;
        int length;
        if (target is ListenTarget.Tcp tcp)
        {
            length = SocketAddressCodec.Write(buffer, tcp.Address, tcp.Port);
            descriptor = Open(BitConverter.ToUInt16(buffer), out error);
        }
        else if (SocketAddressCodec.TryWriteUnix(buffer, ((ListenTarget.Unix)target).Path, out length))
        {
            descriptor = Open(LibC.FamilyUnix, out error);
        }
        else
        {
            error = "bind(): " + Errno.Text(Errno.NameTooLong);
            return -1;
        }

        if (descriptor < 0)
        {
            error = "socket(): " + error;
            return -1;
        }

        if (target is ListenTarget.Tcp listening && !TryTune(descriptor, listening, address))
        {
            error = "tune_socket(): " + Errno.LastText();
            LibC.Close(descriptor);
            return -1;
        }

        if (!TryBindAndListen(descriptor, target, address, length))
        {
            error = "bind(): " + Errno.LastText();
            LibC.Close(descriptor);
            return -1;
        }

        return descriptor;
    }

    /// <summary>TCP_NODELAY and what <paramref name="options"/> ask for. On a listening socket, accepted ones inherit all of it.</summary>
    internal static bool TrySetTcpOptions(int descriptor, SocketOptions options) =>
        LibC.TrySetOption(descriptor, LibC.LevelTcp, LibC.TcpNoDelay, 1)
        && LibC.TrySetOption(descriptor, LibC.LevelSocket, LibC.KeepAlive, options.KeepAlive ? 1 : 0)
        && TrySetUnlessZero(descriptor, LibC.LevelTcp, LibC.TcpKeepCount, options.KeepCount)
        && TrySetUnlessZero(descriptor, LibC.LevelTcp, LibC.TcpKeepIdle, options.KeepIdle)
        && TrySetUnlessZero(descriptor, LibC.LevelTcp, LibC.TcpKeepInterval, options.KeepInterval)
        && TrySetUnlessZero(descriptor, LibC.LevelTcp, LibC.TcpUserTimeout, options.UserTimeout)
        && TrySetUnlessZero(descriptor, LibC.LevelSocket, LibC.SendBuffer, options.SocketBuffer)
        && TrySetUnlessZero(descriptor, LibC.LevelSocket, LibC.ReceiveBuffer, options.SocketBuffer);

    /// <summary>TCP_DEFER_ACCEPT on a listening socket.</summary>
    internal static bool TrySetDeferAccept(int descriptor, bool on) =>
        LibC.TrySetOption(descriptor, LibC.LevelTcp, LibC.TcpDeferAccept, on ? DeferAcceptSeconds : 0);

    /// <summary>This end of a socket; for unix sockets with <paramref name="unixPort"/>.</summary>
    internal static PeerAddress ReadLocal(int descriptor, int unixPort)
    {
        var address = stackalloc byte[SocketAddressCodec.MaxSize];
        uint length = SocketAddressCodec.MaxSize;
        return LibC.GetSocketName(descriptor, address, &length) == 0
            ? SocketAddressCodec.Read(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddressCodec.MaxSize)), unixPort)
            : SocketAddressCodec.Unix(unixPort);
    }

    /// <summary>The peer of a unix socket with its process id and user id, as they were when the connection was made (SO_PEERCRED).</summary>
    internal static PeerAddress WithCredentials(int descriptor, PeerAddress address)
    {
        // struct ucred: pid, uid, gid.
        var credentials = stackalloc int[3];
        uint length = 3 * sizeof(int);
        return LibC.GetSocketOption(descriptor, LibC.LevelSocket, LibC.PeerCredentials, credentials, &length) == 0
            ? address with { Pid = credentials[0], Uid = credentials[1] }
            : address;
    }

    private static int Open(int family, out string? error)
    {
        var descriptor = LibC.Socket(family, LibC.StreamSocket | LibC.NonBlocking | LibC.CloseOnExec, 0);
        error = descriptor < 0 ? Errno.LastText() : null;
        return descriptor;
    }

    private static bool TrySetUnlessZero(int descriptor, int level, int name, int value) =>
        value == 0 || LibC.TrySetOption(descriptor, level, name, value);

    private static bool TryTune(int descriptor, ListenTarget.Tcp target, byte* address) =>
        LibC.TrySetOption(descriptor, LibC.LevelSocket, LibC.ReuseAddress, 1)
        && (!target.ReusePort || LibC.TrySetOption(descriptor, LibC.LevelSocket, LibC.ReusePort, 1))
        && (*(ushort*)address != LibC.FamilyIPv6 || LibC.TrySetOption(descriptor, LibC.LevelIPv6, LibC.IPv6Only, 1))
        && TrySetTcpOptions(descriptor, target.Options)
        && (!target.DeferAccept || TrySetDeferAccept(descriptor, true));

    private static bool TryBindAndListen(int descriptor, ListenTarget target, byte* address, int length)
    {
        if (target is not ListenTarget.Unix unix)
        {
            return LibC.Bind(descriptor, address, (uint)length) == 0 && LibC.Listen(descriptor, target.Backlog) == 0;
        }

        var hasFile = !unix.Path.StartsWith('@');
        if (hasFile)
        {
            // What is left of an earlier process; whether one still listens there is checked before.
            LibC.Unlink(unix.Path);
        }

        return LibC.Bind(descriptor, address, (uint)length) == 0
            && (!hasFile || LibC.ChangeMode(unix.Path, (uint)unix.Mode) == 0)
            && (!hasFile || unix.GroupId < 0 || LibC.ChangeOwner(unix.Path, uint.MaxValue, (uint)unix.GroupId) == 0)
            && LibC.Listen(descriptor, target.Backlog) == 0;
    }
}
