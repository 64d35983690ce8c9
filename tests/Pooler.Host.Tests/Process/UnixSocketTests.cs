using System.Net.Sockets;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Process;

public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void NamesTheSocketByItsPort()
    {
        Assert.Equal("/tmp/.s.PGSQL.6432", UnixSocket.PathOf("/tmp", 6432));
        Assert.Equal("@x/.s.PGSQL.1", UnixSocket.PathOf("@x", 1));
        Assert.Null(UnixSocket.PathOf("", 6432));
    }

    [Fact]
    public void IsInUseWhileSomebodyListens()
    {
        string path = _folder.File(".s.PGSQL.6432");
        Assert.False(UnixSocket.IsInUse(path));
        using (Listen(path))
        {
            Assert.True(UnixSocket.IsInUse(path));
        }

        // The file outlives its listener.
        File.WriteAllText(path, "");
        Assert.False(UnixSocket.IsInUse(path));
    }

    [Fact]
    public void FindsAbstractNames()
    {
        string name = "pooler-test-" + Guid.NewGuid().ToString("N");
        Assert.False(UnixSocket.IsInUse("@" + name));
        using (Listen("\0" + name))
        {
            Assert.True(UnixSocket.IsInUse("@" + name));
        }
    }

    [Fact]
    public void ToleratesPathsThatAreTooLong()
    {
        Assert.False(UnixSocket.IsInUse("/" + new string('x', 200)));
    }

    [Fact]
    public void SeesALock()
    {
        string path = _folder.File(".s.PGSQL.6432");
        Assert.False(UnixSocket.IsLocked(path));
        File.WriteAllText(path + ".lock", "");
        Assert.True(UnixSocket.IsLocked(path));
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }
}
