using System.Net.Sockets;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Tests.Transport.Epoll;

public sealed class EpollCloseTests
{
    [Fact]
    public void A_half_closed_peer_is_an_end_of_stream_and_can_still_be_sent_to()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        using var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        client.Send("last words"u8);
        client.Shutdown(SocketShutdown.Send);

        LoopFixture.Until(() => owner.Ended is not null);
        Assert.Equal(ReceiveStatus.EndOfStream, owner.Ended);
        Assert.Equal("last words"u8.ToArray(), owner.Received);
        fixture.On(() =>
        {
            acceptor.First().Send("answer"u8);
            acceptor.First().CloseAfterFlush();
        });
        var buffer = new byte[100];
        Assert.Equal(6, client.Receive(buffer));
        Assert.Equal(0, client.Receive(buffer));
    }

    [Fact]
    public void An_ended_or_paused_stream_does_not_keep_the_loop_busy()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        using var client = EpollConnectionTests.Connected(listener);
        client.Shutdown(SocketShutdown.Send);
        LoopFixture.Until(() => owner.Ended is not null);
        AssertIdle(fixture);

        using var another = EpollConnectionTests.Connected(listener);
        LoopFixture.Until(() => acceptor.Count == 2);
        fixture.On(acceptor.Connections.Last().PauseReading);
        another.Send("unwanted"u8);
        AssertIdle(fixture);

        // A broken connection that nobody wants to read raises events that cannot be masked.
        another.LingerState = new LingerOption(true, 0);
        another.Close();
        AssertIdle(fixture);
    }

    [Fact]
    public void A_reset_is_a_failure_with_the_systems_text()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        acceptor.First();
        client.LingerState = new LingerOption(true, 0);
        client.Close();

        LoopFixture.Until(() => owner.Ended is not null);
        Assert.Equal(ReceiveStatus.Failed, owner.Ended);
        Assert.Equal("Connection reset by peer", owner.Error);
        fixture.On(() =>
        {
            acceptor.First().Send("into the void"u8);
            Assert.Equal(0, acceptor.First().Unsent);
        });
    }

    [Fact]
    public void A_reset_while_bytes_are_unsent_drops_them_and_says_so()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        fixture.On(() =>
        {
            connection.PauseReading();
            connection.Send(new byte[16 * 1024 * 1024]);
        });
        client.LingerState = new LingerOption(true, 0);
        client.Close();

        LoopFixture.Until(() => owner.Signals.Contains(ConnectionSignal.Drained));
        Assert.Equal(0, fixture.On(() => connection.Unsent));
        Assert.Equal(0, fixture.On(() => fixture.Loops[0].Buffers.Rented));
        Assert.DoesNotContain(ConnectionSignal.Readable, owner.Signals);
        fixture.On(connection.ResumeReading);
        LoopFixture.Until(() => owner.Ended == ReceiveStatus.Failed);
        Assert.False(string.IsNullOrEmpty(owner.Error));
    }

    [Fact]
    public void Close_after_flush_sends_everything_first_and_tells_nobody()
    {
        using var fixture = new LoopFixture();
        var owner = new RecordingOwner();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => owner);
        var listener = fixture.Listen(LoopFixture.AnyPort() with { Options = new SocketOptions { SocketBuffer = 8192 } }, acceptor);
        using var client = EpollConnectionTests.Connected(listener, 8192);
        client.Send("unread input"u8);
        var connection = acceptor.First();
        fixture.On(() =>
        {
            connection.Send(new byte[1_000_000]);
            Assert.True(connection.Unsent > 0);
            connection.CloseAfterFlush();
            Assert.True(connection.IsOpen);
        });
        var total = 0;
        var buffer = new byte[65536];
        for (int count; (count = client.Receive(buffer)) > 0;)
        {
            total += count;
        }

        Assert.Equal(1_000_000, total);
        LoopFixture.Until(() => fixture.On(() => !connection.IsOpen));
        Assert.DoesNotContain(ConnectionSignal.Drained, owner.Signals);
    }

    [Fact]
    public void A_close_after_flush_leaves_the_bytes_of_the_last_receive_alone()
    {
        using var fixture = new LoopFixture();
        var seen = new TaskCompletionSource<string>();
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => new ClosingOwner(seen));
        using var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        client.Send("first"u8);
        client.Receive(new byte[1]);
        client.Send("xxxxx"u8);
        Assert.Equal("first", LoopFixture.Wait(seen.Task));
    }

    private static unsafe bool HasInput(Connection connection)
    {
        const int Peek = 2;
        byte one;
        return LibC.Receive(((SocketConnection)connection).Descriptor, &one, 1, Peek) > 0;
    }

    private static void AssertIdle(LoopFixture fixture)
    {
        var loop = (EpollLoop)fixture.Loops[0];
        fixture.On(() => { });
        fixture.On(() => { });
        var before = loop.Turns;
        var start = TimeProvider.System.GetTimestamp();
        SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(start).TotalMilliseconds > 30);
        Assert.InRange(loop.Turns - before, 0, 3);
    }

    private sealed class ClosingOwner(TaskCompletionSource<string> seen) : IConnectionOwner
    {
        public void Signal(Connection connection, ConnectionSignal signal)
        {
            connection.Receive(out var bytes);
            connection.Send("!"u8);
            SpinWait.SpinUntil(() => HasInput(connection), 5000);
            connection.CloseAfterFlush();
            seen.TrySetResult(System.Text.Encoding.ASCII.GetString(bytes));
        }
    }
}
