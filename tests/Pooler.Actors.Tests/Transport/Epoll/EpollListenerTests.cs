using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Tests.Transport.Epoll;

[SupportedOSPlatform("linux")]
public sealed partial class EpollListenerTests
{
    // CLONE_FILES of unshare(2).
    private const int CloneFiles = 0x400;

    [Fact]
    public void A_burst_of_connections_is_drained()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { Backlog = 1024 }, acceptor);
        var clients = new List<Socket>();
        fixture.On(() =>
        {
            for (var i = 0; i < 700; i++)
            {
                clients.Add(EpollConnectionTests.Connected(listener));
            }
        });
        LoopFixture.Until(() => acceptor.Count == 700);
        clients.ForEach(client => client.Dispose());
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public void Accepted_connections_can_be_served_by_other_loops()
    {
        using var fixture = new LoopFixture(3);
        var next = 0;
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[next++ % 3], _ => new EchoOwner());
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        var clients = Enumerable.Range(0, 30).Select(_ => EpollConnectionTests.Connected(listener)).ToList();
        foreach (var client in clients)
        {
            client.Send("x"u8);
            Assert.Equal(1, client.Receive(new byte[10]));
            client.Dispose();
        }

        Assert.All(acceptor.Connections.GroupBy(connection => connection.Loop), loop => Assert.Equal(10, loop.Count()));
    }

    [Fact]
    public void Options_of_the_target_reach_accepted_and_outgoing_sockets()
    {
        using var fixture = new LoopFixture();
        var options = new SocketOptions { KeepCount = 4, KeepIdle = 33, KeepInterval = 7, UserTimeout = 12_000, SocketBuffer = 20_000 };
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { Options = options }, acceptor);
        var outgoing = (SocketConnection)fixture.On(() => fixture.Loops[0].Connect(
            new ConnectTarget.Tcp(IPAddress.Loopback, listener.Local.Port), options, new RecordingOwner()));
        var accepted = (SocketConnection)acceptor.First();
        foreach (var descriptor in new[] { outgoing.Descriptor, accepted.Descriptor })
        {
            Assert.Equal(1, LibC.GetOption(descriptor, LibC.LevelTcp, LibC.TcpNoDelay, -1));
            Assert.Equal(1, LibC.GetOption(descriptor, LibC.LevelSocket, LibC.KeepAlive, -1));
            Assert.Equal(4, LibC.GetOption(descriptor, LibC.LevelTcp, LibC.TcpKeepCount, -1));
            Assert.Equal(33, LibC.GetOption(descriptor, LibC.LevelTcp, LibC.TcpKeepIdle, -1));
            Assert.Equal(7, LibC.GetOption(descriptor, LibC.LevelTcp, LibC.TcpKeepInterval, -1));
            Assert.Equal(12_000, LibC.GetOption(descriptor, LibC.LevelTcp, LibC.TcpUserTimeout, -1));

            // The kernel doubles the size for its own needs.
            Assert.Equal(40_000, LibC.GetOption(descriptor, LibC.LevelSocket, LibC.SendBuffer, -1));
            Assert.Equal(40_000, LibC.GetOption(descriptor, LibC.LevelSocket, LibC.ReceiveBuffer, -1));
        }

        fixture.On(() => listener.SetOptions(new SocketOptions { KeepAlive = false }));
        using var later = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => acceptor.Count == 2);
        var last = (SocketConnection)acceptor.Connections.Last();
        Assert.Equal(0, LibC.GetOption(last.Descriptor, LibC.LevelSocket, LibC.KeepAlive, -1));
    }

    [Fact]
    public void With_defer_accept_a_silent_client_is_not_accepted()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { DeferAccept = true }, acceptor);
        using var silent = EpollConnectionTests.Connected(listener);
        using var talker = EpollConnectionTests.Connected(listener);
        talker.Send("x"u8);
        LoopFixture.Until(() => acceptor.Count == 1);
        Assert.Equal(((IPEndPoint)talker.LocalEndPoint!).Port, acceptor.First().Remote.Port);

        fixture.On(() => listener.SetDeferAccept(false));
        using var another = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => acceptor.Count >= 2);
    }

    [Fact]
    public void A_paused_listener_leaves_connections_in_the_backlog()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        fixture.On(listener.Pause);
        using var client = EpollConnectionTests.Connected(listener);
        for (var i = 0; i < 20; i++)
        {
            fixture.On(() => { });
        }

        Assert.Equal(0, acceptor.Count);
        fixture.On(listener.Resume);
        LoopFixture.Until(() => acceptor.Count == 1);
    }

    [Fact]
    public void Failures_to_listen_are_values()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        Assert.Equal("bind(): Address already in use", ErrorOf(fixture, LoopFixture.AnyPort() with { Port = listener.Local.Port }));
        var options = new SocketOptions { KeepIdle = -1 };
        Assert.Equal("tune_socket(): Invalid argument", ErrorOf(fixture, LoopFixture.AnyPort() with { Options = options }));
        Assert.Equal("bind(): Cannot assign requested address", ErrorOf(fixture, LoopFixture.AnyPort(IPAddress.Parse("192.0.2.1"))));
        Assert.Equal("bind(): No such file or directory", ErrorOf(fixture, new ListenTarget.Unix("/nowhere/at/all", 1, 511, -1)));
        Assert.Equal("bind(): File name too long", ErrorOf(fixture, new ListenTarget.Unix("/tmp/" + new string('x', 120), 1, 511, -1)));
    }

    [Fact]
    public void A_unix_listener_replaces_a_stale_file_sets_its_mode_and_removes_it()
    {
        using var fixture = new LoopFixture();
        File.WriteAllText(fixture.UnixPath, "stale");
        var target = new ListenTarget.Unix(fixture.UnixPath, 6432, Convert.ToInt32("640", 8), -1);
        var listener = fixture.Listen(target, RecordingAcceptor.Echo(fixture.Loops[0]));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(fixture.UnixPath));
        Assert.Equal("unix:6432", listener.Local.ToString());
        fixture.On(listener.Close);
        Assert.False(File.Exists(fixture.UnixPath));
    }

    [Fact]
    public void Refused_and_impossible_connects_are_values_told_later()
    {
        using var fixture = new LoopFixture();
        var listener = fixture.Listen(LoopFixture.AnyPort(), RecordingAcceptor.Echo(fixture.Loops[0]));
        fixture.On(listener.Close);
        Assert.Equal("Connection refused", ConnectError(fixture, new ConnectTarget.Tcp(IPAddress.Loopback, listener.Local.Port)));
        Assert.Equal("No such file or directory", ConnectError(fixture, new ConnectTarget.Unix("/nowhere/.s.PGSQL.1", 1)));
        Assert.Equal("Connection refused", ConnectError(fixture, new ConnectTarget.Unix("@pooler-nobody-" + fixture.Loops.Id, 1)));
        Assert.Equal("File name too long", ConnectError(fixture, new ConnectTarget.Unix("/" + new string('x', 120), 1)));
    }

    [SkippableByLimitFact]
    public void When_descriptors_run_out_accepting_pauses_once_and_the_rest_goes_on()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var copies = new List<int>();

        // The loop's thread gets a descriptor table of its own, so that filling it harms no other test.
        var listener = fixture.On(() =>
        {
            Assert.Equal(0, Unshare(CloneFiles));
            var target = LoopFixture.AnyPort() with { AcceptPause = TimeSpan.FromMilliseconds(500) };
            Assert.True(fixture.Loops[0].TryListen(target, acceptor, out var opened, out _));
            return opened!;
        });
        using var before = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => acceptor.Count == 1);
        fixture.On(() =>
        {
            for (int copy; (copy = Duplicate(0)) >= 0;)
            {
                copies.Add(copy);
            }
        });
        using var during = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => !acceptor.Pauses.IsEmpty);
        Assert.Equal("Too many open files", acceptor.Pauses.Single());
        before.Send("still here"u8);
        Assert.Equal(10, before.Receive(new byte[100]));
        Assert.Single(acceptor.Pauses);

        fixture.On(() => copies.ForEach(copy => LibC.Close(copy)));
        during.Send("late"u8);
        Assert.Equal(4, during.Receive(new byte[100]));
        Assert.Equal(2, acceptor.Count);
    }

    [Fact]
    public void Clients_leave_descriptors_for_servers_and_both_leave_some_for_the_runtime()
    {
        // The numbers of the test process are all beyond a limit of nothing.
        using var fixture = new LoopFixture(descriptors: new DescriptorBudget(0));
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { AcceptPause = TimeSpan.FromHours(1) }, acceptor);
        using var client = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => !acceptor.Pauses.IsEmpty);
        Assert.Equal("Too many open files", acceptor.Pauses.Single());
        Assert.Equal(0, acceptor.Count);
        Assert.Equal("Too many open files", ConnectError(fixture, new ConnectTarget.Tcp(IPAddress.Loopback, listener.Local.Port)));
    }

    [Fact]
    public void Accepting_goes_on_after_its_pause_once_numbers_are_free()
    {
        const int ForClients = 5000;
        using var fixture = new LoopFixture(descriptors: new DescriptorBudget(ForClients + DescriptorBudget.LeftByClients));
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var copies = new List<int>();
        var listener = fixture.On(() =>
        {
            // The numbers of a table of its own are not moved by other tests.
            Assert.Equal(0, Unshare(CloneFiles));
            var target = LoopFixture.AnyPort() with { AcceptPause = TimeSpan.FromMilliseconds(500) };
            Assert.True(fixture.Loops[0].TryListen(target, acceptor, out var opened, out _));
            for (int copy; (copy = Duplicate(0)) < ForClients - 1;)
            {
                copies.Add(copy);
            }

            // The last number for clients is free.
            return opened!;
        });
        using var last = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => acceptor.Count == 1);
        using var tooMany = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => !acceptor.Pauses.IsEmpty);
        Assert.Equal(1, acceptor.Count);

        fixture.On(() => copies.ForEach(copy => LibC.Close(copy)));
        tooMany.Send("late"u8);
        Assert.Equal(4, tooMany.Receive(new byte[100]));
    }

    private static string? ErrorOf(LoopFixture fixture, ListenTarget target) => fixture.On(() =>
    {
        var loop = fixture.Loops[0];
        return loop.TryListen(target, RecordingAcceptor.Echo(loop), out _, out var error) ? null : error;
    });

    private static string? ConnectError(LoopFixture fixture, ConnectTarget target)
    {
        var owner = new RecordingOwner();
        var connection = fixture.On(() =>
        {
            var started = fixture.Loops[0].Connect(target, new SocketOptions(), owner);
            Assert.Empty(owner.Signals);
            return started;
        });
        LoopFixture.Until(() => !owner.Signals.IsEmpty);
        Assert.Equal([ConnectionSignal.ConnectFailed], owner.Signals);
        Assert.False(connection.IsOpen);
        Assert.Equal(owner.Error, connection.Error);
        return owner.Error;
    }

    [LibraryImport("libc", EntryPoint = "unshare")]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "dup")]
    private static partial int Duplicate(int descriptor);
}
