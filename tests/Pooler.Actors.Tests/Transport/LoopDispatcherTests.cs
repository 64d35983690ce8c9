using System.Collections.Concurrent;
using Akka.Actor;
using Akka.Configuration;
using Pooler.Actors.Transport;
using Pooler.Actors.Transport.Simulation;

namespace Pooler.Actors.Tests.Transport;

public sealed class LoopDispatcherTests
{
    [Fact]
    public void Actors_run_on_the_thread_of_the_loop_that_their_dispatcher_names()
    {
        using var fixture = new LoopFixture(2);
        var system = ActorSystem.Create("loops", ConfigurationFactory.ParseString(fixture.Loops.DispatcherConfiguration()));
        var threads = new ConcurrentQueue<int>();
        for (var loop = 0; loop < 2; loop++)
        {
            var actor = system.ActorOf(
                Props.Create(() => new ThreadActor(threads)).WithDispatcher(LoopSet.DispatcherName(fixture.Loops[loop])));
            var expected = fixture.On(() => Environment.CurrentManagedThreadId, loop);
            for (var i = 0; i < 100; i++)
            {
                actor.Tell("where are you?");
            }

            LoopFixture.Until(() => threads.Count == 100);
            Assert.All(threads, thread => Assert.Equal(expected, thread));
            threads.Clear();
        }

        LoopFixture.Wait(system.Terminate().ContinueWith(_ => true, TaskScheduler.Default));
        Assert.Empty(fixture.Failures);
    }

    [Fact]
    public void A_message_told_on_the_loop_is_handled_in_the_same_turn()
    {
        using var fixture = new LoopFixture();
        var system = ActorSystem.Create("turns", ConfigurationFactory.ParseString(fixture.Loops.DispatcherConfiguration()));
        var times = new ConcurrentQueue<long>();
        var actor = system.ActorOf(
            Props.Create(() => new TimeActor(fixture.Loops[0], times)).WithDispatcher(LoopSet.DispatcherName(fixture.Loops[0])));
        actor.Tell("warm up");
        LoopFixture.Until(() => !times.IsEmpty);
        var told = fixture.On(() =>
        {
            actor.Tell("now");
            return fixture.Loops[0].Now;
        });
        LoopFixture.Until(() => times.Count == 2);
        Assert.Equal(told, times.Last());
        LoopFixture.Wait(system.Terminate().ContinueWith(_ => true, TaskScheduler.Default));
    }

    [Fact]
    public void A_whole_actor_system_runs_in_a_simulated_network_with_its_timers_in_virtual_time()
    {
        using var network = new SimulatedNetwork(1, loops: 2);
        var system = ActorSystem.Create("simulated", ConfigurationFactory.ParseString(network.ActorSystemConfiguration()));
        var threads = new ConcurrentQueue<int>();
        var actor = system.ActorOf(Props.Create(() => new ThreadActor(threads)).WithDispatcher("pooler.io-loop-1"));
        var plain = system.ActorOf(Props.Create(() => new ThreadActor(threads)));
        actor.Tell("one");
        plain.Tell("two");
        Assert.True(network.Run(() => threads.Count == 2));

        var start = network.Now;
        system.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(5), actor, "three", ActorRefs.NoSender);
        var canceled = new Cancelable(system.Scheduler);
        system.Scheduler.ScheduleTellRepeatedly(TimeSpan.Zero, TimeSpan.FromMinutes(1), plain, "never", ActorRefs.NoSender, canceled);
        canceled.Cancel();
        Assert.True(network.Run(() => threads.Count == 3, TimeSpan.FromHours(6)));
        Assert.InRange(network.Now - start, 18_000_000_000, 18_001_000_000);
        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));

        var terminated = system.Terminate();
        Assert.True(network.Run(() => terminated.IsCompleted));
        Assert.Empty(network.Failures);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_of_an_actor_system()
    {
        Assert.Equal(Trace(11), Trace(11));
        Assert.NotEqual(Trace(11), Trace(12));
    }

    [Fact]
    public void A_dispatcher_for_a_loop_that_does_not_exist_is_an_error()
    {
        using var fixture = new LoopFixture();
        var text = fixture.Loops.DispatcherConfiguration().Replace("loop = 0", "loop = 3", StringComparison.Ordinal);
        var system = ActorSystem.Create("wrong", ConfigurationFactory.ParseString(text));
        var props = Props.Create(() => new ThreadActor(new ConcurrentQueue<int>())).WithDispatcher("pooler.io-loop-0");
        var exception = Assert.ThrowsAny<Exception>(() => system.ActorOf(props));
        Assert.Contains("loop 3 does not exist", exception.ToString(), StringComparison.Ordinal);
        LoopFixture.Wait(system.Terminate().ContinueWith(_ => true, TaskScheduler.Default));
    }

    private static string Trace(int seed)
    {
        using var network = new SimulatedNetwork(seed, loops: 2);
        var system = ActorSystem.Create("traced", ConfigurationFactory.ParseString(network.ActorSystemConfiguration()));
        var trace = new System.Text.StringBuilder();
        var address = new ConnectTarget.Tcp(System.Net.IPAddress.Loopback, 6432);
        var acceptor = new RecordingAcceptor(
            _ => network.Loops[1],
            connection => new TellingOwner(system.ActorOf(
                Props.Create(() => new EchoActor(connection)).WithDispatcher(LoopSet.DispatcherName(network.Loops[1])))));
        Assert.True(network.Loops[0].TryListen(new ListenTarget.Tcp(address.Address, address.Port, false, false), acceptor, out _, out _));
        var received = 0;
        for (var i = 0; i < 4; i++)
        {
            var number = i;
            var peer = network.ConnectPeer(address);
            peer.OnData = (_, bytes) =>
            {
                received += bytes.Length;
                trace.Append(network.Now).Append(' ').Append(number).Append(' ').Append(bytes.Length).AppendLine();
            };
            peer.Send(new byte[10_000]);
        }

        Assert.True(network.Run(() => received == 40_000));
        var terminated = system.Terminate();
        Assert.True(network.Run(() => terminated.IsCompleted));
        Assert.Empty(network.Failures);
        return trace.ToString();
    }

    private sealed class TellingOwner(IActorRef actor) : IConnectionOwner
    {
        public void Signal(Connection connection, ConnectionSignal signal) => actor.Tell(signal, ActorRefs.NoSender);
    }

    private sealed class EchoActor(Connection connection) : UntypedActor
    {
        private readonly EchoOwner _echo = new();

        protected override void OnReceive(object message) => _echo.Signal(connection, (ConnectionSignal)message);
    }

    private sealed class ThreadActor(ConcurrentQueue<int> threads) : UntypedActor
    {
        protected override void OnReceive(object message) => threads.Enqueue(Environment.CurrentManagedThreadId);
    }

    private sealed class TimeActor(Loop loop, ConcurrentQueue<long> times) : UntypedActor
    {
        protected override void OnReceive(object message) => times.Enqueue(loop.Now);
    }
}
