using System.Net.Sockets;
using System.Text;
using Pooler.Host.Process;

namespace Pooler.Host.Tests.Process;

public sealed class ServiceNotifierTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TellsTheServiceManager()
    {
        string path = _folder.File("notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(path));
        manager.ReceiveTimeout = 5000;
        var notifier = new ServiceNotifier(path);

        notifier.Ready();
        notifier.Reloading();
        notifier.Status("stats: 1 xacts/s, xact 5 μs");
        notifier.Stopping();

        Assert.Equal("READY=1", Receive(manager));
        Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", Receive(manager));
        Assert.Equal("STATUS=stats: 1 xacts/s, xact 5 μs", Receive(manager));
        Assert.Equal("STOPPING=1", Receive(manager));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("/nonexistent/notify")]
    public void DoesWithoutOne(string? address)
    {
        new ServiceNotifier(address).Ready();
    }

    [Theory]
    [InlineData("7", "1", true)]
    [InlineData("7", "0", false)]
    [InlineData("8", "1", false)]
    [InlineData("7", null, false)]
    [InlineData(null, null, false)]
    [InlineData("x", "y", false)]
    public void NoticesSocketsThatAreMeantForThisProcess(string? listenPid, string? listenFds, bool expected)
    {
        Assert.Equal(expected, ServiceNotifier.HasPassedSockets(name => name == "LISTEN_PID" ? listenPid : listenFds, 7));
    }

    private static string Receive(Socket socket)
    {
        byte[] buffer = new byte[200];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
