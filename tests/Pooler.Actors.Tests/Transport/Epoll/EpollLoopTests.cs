using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport.Epoll;

public sealed class EpollLoopTests
{
    [Fact]
    public void Work_of_many_threads_is_all_run_in_each_threads_order_on_the_loops_thread()
    {
        const int Threads = 6;
        const int Each = 20_000;
        using var fixture = new LoopFixture();
        var loop = fixture.Loops[0];
        var loopThread = fixture.On(() => Environment.CurrentManagedThreadId);
        var seen = new int[Threads];
        var wrong = 0;
        var threads = Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                var number = i;
                loop.Execute(new LoopFixture.Work(() =>
                {
                    if (seen[thread]++ != number || Environment.CurrentManagedThreadId != loopThread)
                    {
                        wrong++;
                    }
                }));
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        LoopFixture.Until(() => seen.Sum() == Threads * Each);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void No_wake_up_is_lost_between_two_loops_that_hand_work_to_each_other()
    {
        const int Rounds = 30_000;
        using var fixture = new LoopFixture(2);
        var done = 0;

        // Each item is queued while the other loop is about to sleep: a lost wake-up would stop the chain for good.
        void Pass(int round)
        {
            if (round == Rounds)
            {
                Volatile.Write(ref done, 1);
                return;
            }

            fixture.Loops[round % 2].Execute(new LoopFixture.Work(() => Pass(round + 1)));
        }

        Pass(0);
        LoopFixture.Until(() => Volatile.Read(ref done) == 1);
    }

    [Fact]
    public void Work_that_throws_is_reported_and_the_loop_goes_on()
    {
        using var fixture = new LoopFixture();
        fixture.Loops[0].Execute(new LoopFixture.Work(() => throw new InvalidOperationException("broken work")));
        Assert.Equal(5, fixture.On(() => 5));
        Assert.Equal("broken work", Assert.Single(fixture.Failures).Message);
    }

    [Fact]
    public void A_signal_that_throws_is_reported_and_other_connections_are_served()
    {
        using var fixture = new LoopFixture();
        var made = 0;
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => made++ == 0 ? new ThrowingOwner() : new EchoOwner());
        var listener = fixture.Listen(LoopFixture.AnyPort(), acceptor);
        using var bad = EpollConnectionTests.Connected(listener);
        using var good = EpollConnectionTests.Connected(listener);
        bad.Send("x"u8);
        LoopFixture.Until(() => !fixture.Failures.IsEmpty);
        good.Send("y"u8);
        Assert.Equal(1, good.Receive(new byte[10]));
        Assert.Equal("broken signal", fixture.Failures.First().Message);
    }

    [Fact]
    public void Endless_work_does_not_starve_the_sockets()
    {
        using var fixture = new LoopFixture();
        var listener = fixture.Listen(LoopFixture.AnyPort(), RecordingAcceptor.Echo(fixture.Loops[0]));
        var stop = false;
        void Again()
        {
            if (!Volatile.Read(ref stop))
            {
                fixture.Loops[0].Execute(new LoopFixture.Work(Again));
            }
        }

        fixture.On(Again);
        using var client = EpollConnectionTests.Connected(listener);
        client.Send("x"u8);
        Assert.Equal(1, client.Receive(new byte[10]));
        Volatile.Write(ref stop, true);
    }

    [Fact]
    public void Deadlines_are_swept_about_three_times_a_second_and_one_that_throws_keeps_none_from_its_turn()
    {
        using var fixture = new LoopFixture();
        var loop = fixture.Loops[0];
        var holder = new Holder();
        fixture.On(() =>
        {
            loop.Deadlines.Add(holder);
            loop.Deadlines.Add(new Holder { Throws = true });
        });
        var start = TimeProvider.System.GetTimestamp();
        LoopFixture.Until(() => Volatile.Read(ref holder.Times) >= 3);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalMilliseconds, 500, 5000);
        Assert.NotEmpty(fixture.Failures);
        fixture.On(() => loop.Deadlines.Remove(holder));
        Assert.True(fixture.On(() => loop.Now) >= holder.LastTime);
    }

    [Fact]
    public void One_turn_has_one_time()
    {
        using var fixture = new LoopFixture();
        var loop = fixture.Loops[0];
        Assert.True(fixture.On(() =>
        {
            var before = (loop.Now, loop.WallClock);
            var until = TimeProvider.System.GetTimestamp();
            SpinWait.SpinUntil(() => TimeProvider.System.GetElapsedTime(until).TotalMilliseconds > 3);
            return before == (loop.Now, loop.WallClock);
        }));
        var first = fixture.On(() => loop.Now);
        LoopFixture.Until(() => fixture.On(() => loop.Now) > first);
    }

    [Fact]
    public void A_stopped_set_closes_its_connections_and_frees_its_id()
    {
        var fixture = new LoopFixture();
        var acceptor = RecordingAcceptor.Echo(fixture.Loops[0]);
        using var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        acceptor.First();
        var id = fixture.Loops.Id;
        Assert.Same(fixture.Loops, LoopSet.Get(id));
        fixture.Dispose();
        Assert.Equal(0, client.Receive(new byte[1]));
        Assert.False(acceptor.First().IsOpen);
        Assert.Throws<ArgumentException>(() => LoopSet.Get(id));
        fixture.Loops[0].Execute(new LoopFixture.Work(() => Assert.Fail("The loop has ended.")));
    }

    [Fact]
    public void Bytes_that_a_peer_does_not_read_hold_a_closing_connection_for_ten_seconds_only()
    {
        var time = new ManualTime();
        using var fixture = new LoopFixture(1, time);
        var acceptor = new RecordingAcceptor(_ => fixture.Loops[0], _ => new RecordingOwner());
        using var client = EpollConnectionTests.Connected(fixture.Listen(LoopFixture.AnyPort(), acceptor));
        var connection = acceptor.First();
        fixture.On(() =>
        {
            connection.Send(new byte[16 * 1024 * 1024]);
            connection.CloseAfterFlush();
        });
        time.Advance(TimeSpan.FromSeconds(9));
        fixture.On(() => { });
        fixture.On(() => { });
        Assert.True(connection.IsOpen);
        time.Advance(TimeSpan.FromSeconds(2));
        LoopFixture.Until(() => fixture.On(() => !connection.IsOpen));
        Assert.Equal(0, fixture.On(() => fixture.Loops[0].Buffers.Rented));
        Assert.Equal(0, fixture.On(() => fixture.Loops[0].Deadlines.Count));
    }

    private sealed class ThrowingOwner : IConnectionOwner
    {
        public void Signal(Connection connection, ConnectionSignal signal)
        {
            connection.PauseReading();
            throw new InvalidOperationException("broken signal");
        }
    }

    private sealed class Holder : IDeadlineHolder
    {
        internal int Times;

        public int SweepPosition { get; set; } = -1;

        internal bool Throws { get; init; }

        internal long LastTime { get; private set; }

        public void Sweep(long now)
        {
            LastTime = now;
            Interlocked.Increment(ref Times);
            if (Throws)
            {
                throw new InvalidOperationException("broken deadline");
            }
        }
    }
}
