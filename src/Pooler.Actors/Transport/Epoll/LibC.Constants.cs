namespace Pooler.Actors.Transport.Epoll;

/// <summary>Linux's numbers, the same on x64 and arm64 (asm-generic).</summary>
internal static unsafe partial class LibC
{
    internal const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC, EFD_CLOEXEC, SOCK_CLOEXEC
    internal const int NonBlocking = 0x800; // EFD_NONBLOCK, SOCK_NONBLOCK

    internal const int EpollAdd = 1;
    internal const int EpollDelete = 2;
    internal const int EpollModify = 3;
    internal const uint EpollIn = 0x001;
    internal const uint EpollOut = 0x004;
    internal const uint EpollError = 0x008;
    internal const uint EpollHangUp = 0x010;
    internal const uint EpollPeerHangUp = 0x2000; // EPOLLRDHUP
    internal const uint EpollEdgeTriggered = 1u << 31;

    internal const int FamilyUnix = 1;
    internal const int FamilyIPv4 = 2;
    internal const int FamilyIPv6 = 10;
    internal const int StreamSocket = 1;
    internal const int NoSignal = 0x4000; // MSG_NOSIGNAL
    internal const int ShutdownSending = 1; // SHUT_WR

    internal const int LevelSocket = 1;
    internal const int ReuseAddress = 2;
    internal const int SocketError = 4;
    internal const int SendBuffer = 7;
    internal const int ReceiveBuffer = 8;
    internal const int KeepAlive = 9;
    internal const int ReusePort = 15;
    internal const int PeerCredentials = 17;

    internal const int LevelTcp = 6;
    internal const int TcpNoDelay = 1;
    internal const int TcpKeepIdle = 4;
    internal const int TcpKeepInterval = 5;
    internal const int TcpKeepCount = 6;
    internal const int TcpDeferAccept = 9;
    internal const int TcpUserTimeout = 18;

    internal const int LevelIPv6 = 41;
    internal const int IPv6Only = 26;
}
