using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Tests.Transport.Epoll;

public sealed class EpollConnectionTests
{
    public enum Family
    {
        IPv4,
        IPv6,
        UnixPath,
        UnixAbstract,
    }

    [Theory]
    [InlineData(Family.IPv4)]
    [InlineData(Family.IPv6)]
    [InlineData(Family.UnixPath)]
    [InlineData(Family.UnixAbstract)]
    public void Echo_returns_the_same_bytes_over_every_kind_of_socket(Family family)
    {
        using var fixture = new LoopFixture();
        var listener = fixture.Listen(Target(family, fixture), RecordingAcceptor.Echo(fixture.Loops[0]));
        var owner = new RecordingOwner();
        owner.OnConnected = connection => connection.Send("hello"u8);
        var connection = fixture.On(() => fixture.Loops[0].Connect(Back(family, fixture, listener), new SocketOptions(), owner));

        LoopFixture.Until(() => owner.ReceivedCount == 5);
        Assert.Equal("hello"u8.ToArray(), owner.Received);
        var isUnix = family is Family.UnixPath or Family.UnixAbstract;
        Assert.Equal(isUnix ? 6432 : listener.Local.Port, connection.Remote.Port);
        Assert.Equal(
            family switch { Family.IPv4 => AddressKind.IPv4, Family.IPv6 => AddressKind.IPv6, _ => AddressKind.Unix },
            connection.Remote.Kind);
        if (isUnix)
        {
            Assert.Equal(Environment.ProcessId, connection.Remote.Pid);
            Assert.Equal($"unix({Environment.ProcessId}):6432", connection.Remote.ToString());
        }
        else
        {
            Assert.Equal(connection.Remote.Host, connection.Local.Host);
            Assert.NotEqual(0, connection.Local.Port);
        }

        fixture.On(connection.CloseAfterFlush);
        Assert.False(connection.IsOpen);
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public void Accepted_connections_know_both_ends_and_unix_peers_their_process()
    {
        using var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var unixAcceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        fixture.Listen(Target(Family.UnixPath, fixture), unixAcceptor);
        using var client = Connected(listener);
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        unix.Connect(new UnixDomainSocketEndPoint(fixture.UnixPath));

        var local = (IPEndPoint)client.LocalEndPoint!;
        Assert.Equal(new PeerAddress(AddressKind.IPv4, "127.0.0.1", local.Port), acceptor.First().Remote);
        Assert.Equal(listener.Local, fixture.On(() => acceptor.First().Local));
        Assert.Equal(Environment.ProcessId, unixAcceptor.First().Remote.Pid);
        Assert.True(unixAcceptor.First().Remote.Uid >= 0);
        Assert.Equal(6432, unixAcceptor.First().Remote.Port);
    }

    [Fact]
    public void Ten_megabytes_come_back_whole_through_small_buffers_and_a_slow_reader()
    {
        using var fixture = new LoopFixture();
        var listener = fixture.Listen(
            LoopFixture.AnyPort() with { Options = new SocketOptions { SocketBuffer = 8192 } }, RecordingAcceptor.Echo(fixture.Loops[0]));
        using var client = Connected(listener, 8192);
        var payload = RandomNumberGenerator.GetBytes(10 * 1024 * 1024);
        var sender = new Thread(() =>
        {
            client.Send(payload);
            client.Shutdown(SocketShutdown.Send);
        });
        sender.Start();

        // Odd sizes, small at first, so that the echo is held back in both directions.
        var received = new MemoryStream();
        var buffer = new byte[60_000];
        int count;
        while ((count = client.Receive(buffer, 0, Math.Min(buffer.Length, 777 + (int)(received.Length / 50)), SocketFlags.None)) > 0)
        {
            received.Write(buffer, 0, count);
        }

        sender.Join();
        Assert.Equal(payload.Length, received.Length);
        Assert.True(payload.AsSpan().SequenceEqual(received.ToArray()));
        Assert.Equal(0, fixture.On(() => fixture.Loops[0].Buffers.Rented));
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public void Bytes_that_the_kernel_does_not_take_leave_in_order_and_are_followed_by_drained()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { Options = new SocketOptions { SocketBuffer = 8192 } }, acceptor);
        using var client = Connected(listener, 8192);
        var connection = acceptor.First();
        var payload = RandomNumberGenerator.GetBytes(3 * 1024 * 1024);
        var unsent = fixture.On(() =>
        {
            // In pieces: below, at and above the size of a pooled buffer.
            for (int at = 0, size = 1; at < payload.Length; at += size, size = (size * 3 % 10_007) + 1)
            {
                size = Math.Min(size, payload.Length - at);
                connection.Send(payload.AsSpan(at, size));
            }

            return connection.Unsent;
        });
        Assert.InRange(unsent, 1, payload.Length);
        Assert.DoesNotContain(ConnectionSignal.Drained, owner.Signals);

        var received = new byte[payload.Length];
        for (var at = 0; at < received.Length;)
        {
            at += client.Receive(received, at, received.Length - at, SocketFlags.None);
        }

        Assert.True(payload.AsSpan().SequenceEqual(received));
        LoopFixture.Until(() => owner.Signals.Contains(ConnectionSignal.Drained));
        Assert.Single(owner.Signals, ConnectionSignal.Drained);
        Assert.Equal(0, fixture.On(() => connection.Unsent));
        Assert.Equal(0, fixture.On(() => fixture.Loops[0].Buffers.Rented));
    }

    [Fact]
    public void Paused_reading_keeps_silent_and_resumed_reading_signals_what_waits()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        using var client = Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        for (var round = 1; round <= 3; round++)
        {
            fixture.On(connection.PauseReading);
            client.Send("x"u8);
            for (var i = 0; i < 20; i++)
            {
                fixture.On(() => { });
            }

            Assert.Equal(round - 1, owner.ReceivedCount);
            fixture.On(connection.ResumeReading);
            LoopFixture.Until(() => owner.ReceivedCount == round);
        }
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_peer_that_leaves_while_reading_is_paused_is_told_of_once_and_what_it_sent_can_still_be_read(bool withReset, bool sendsAfterPause)
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        using var client = Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        fixture.On(connection.PauseReading);
        if (sendsAfterPause)
        {
            client.Send("x"u8);
            for (var i = 0; i < 5; i++)
            {
                fixture.On(() => { });
            }

            Assert.Empty(owner.Signals);
        }

        client.LingerState = new LingerOption(withReset, 0);
        client.Close();
        LoopFixture.Until(() => !owner.Signals.IsEmpty);
        var turns = fixture.On(() => ((EpollLoop)fixture.Loops[0]).Turns);
        for (var i = 0; i < 5; i++)
        {
            fixture.On(() => { });
        }

        // Each look at the loop is a turn of its own; a signal that repeats itself would be many more.
        Assert.InRange(fixture.On(() => ((EpollLoop)fixture.Loops[0]).Turns) - turns, 1, 12);
        Assert.Equal([ConnectionSignal.PeerLeft], owner.Signals);
        fixture.On(connection.ResumeReading);
        LoopFixture.Until(() => owner.Ended is not null);
        Assert.Equal(withReset ? ReceiveStatus.Failed : ReceiveStatus.EndOfStream, owner.Ended);
        Assert.Equal(sendsAfterPause ? 1 : 0, owner.ReceivedCount);
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public void Readable_is_not_repeated_while_the_work_that_it_caused_is_still_queued()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner(reads: false);
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        using var client = Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        var turns = 0;

        // Far more work than a turn takes on: the loop looks at its sockets several times before the last of it has run.
        fixture.On(() =>
        {
            client.Send("x"u8);
            for (var i = 0; i < 2000; i++)
            {
                fixture.Loops[0].Execute(new LoopFixture.Work(() => turns++));
            }

            fixture.Loops[0].Execute(new LoopFixture.Work(() => owner.ReadAll(connection)));
        });
        LoopFixture.Until(() => owner.ReceivedCount == 1);
        Assert.Equal(2000, turns);
        Assert.InRange(owner.Signals.Count, 0, 1);
    }

    [Fact]
    public void A_connection_can_move_to_another_loop()
    {
        using var fixture = new LoopFixture(2);
        var first = new RecordingOwner();
        var second = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => first);
        using var client = Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        client.Send("one"u8);
        LoopFixture.Until(() => first.ReceivedCount == 3);
        fixture.On(() =>
        {
            connection.PauseReading();
            connection.Detach();
        });
        client.Send("two"u8);
        fixture.On(() => fixture.Loops[1].Attach(connection, second), 1);

        LoopFixture.Until(() => second.ReceivedCount == 3);
        Assert.Equal("two"u8.ToArray(), second.Received);
        Assert.Same(fixture.Loops[1], connection.Loop);
        Assert.Equal(fixture.On(() => Environment.CurrentManagedThreadId, 1), second.SignalThread);
        Assert.Equal(3, first.ReceivedCount);
    }

    internal static Socket Connected(Listener listener, int buffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (buffer > 0)
        {
            socket.ReceiveBufferSize = buffer;
            socket.SendBufferSize = buffer;
        }

        socket.Connect(IPAddress.Loopback, listener.Local.Port);
        return socket;
    }

    private static ListenTarget Target(Family family, LoopFixture fixture) => family switch
    {
        Family.IPv4 => LoopFixture.AnyPort(),
        Family.IPv6 => LoopFixture.AnyPort(IPAddress.IPv6Loopback),
        Family.UnixPath => new ListenTarget.Unix(fixture.UnixPath, 6432, Convert.ToInt32("700", 8), -1),
        _ => new ListenTarget.Unix("@pooler-test" + fixture.Loops.Id, 6432, 0, -1),
    };

    private static ConnectTarget Back(Family family, LoopFixture fixture, Listener listener) => family switch
    {
        Family.IPv4 => new ConnectTarget.Tcp(IPAddress.Loopback, listener.Local.Port),
        Family.IPv6 => new ConnectTarget.Tcp(IPAddress.IPv6Loopback, listener.Local.Port),
        Family.UnixPath => new ConnectTarget.Unix(fixture.UnixPath, 6432),
        _ => new ConnectTarget.Unix("@pooler-test" + fixture.Loops.Id, 6432),
    };
}
