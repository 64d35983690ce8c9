using Akka.Actor;
using Akka.Configuration;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Dispatch;

public sealed class DispatcherTests : SystemTest
{
    public DispatcherTests()
        : base($$"""
            own { type = Dispatcher, throughput = 2, executor = "{{typeof(QueueExecutorConfigurator).AssemblyQualifiedName}}", label = "hello" }
            akka.actor.deployment {
              /top { dispatcher = own }
              /top/* { dispatcher = own }
              /deep/** { dispatcher = own }
            }

            """)
    {
    }

    [Fact]
    public async Task An_executor_of_ones_own_runs_the_mailboxes()
    {
        IActorRef actor = Sys.ActorOf(new Script
        {
            Receive = (context, _) => Test.Ref.Tell((Thread.CurrentThread.Name, context.Dispatcher.Id)),
        }.Props.WithDispatcher("own"));
        actor.Tell("x");

        await Test.ExpectAsync(("own hello", "own"));
    }

    [Fact]
    public async Task A_dispatcher_is_made_once()
    {
        Assert.Same(Sys.Dispatchers.Lookup("own"), Sys.Dispatchers.Lookup("own"));
        Assert.True(Sys.Dispatchers.HasDispatcher("own"));
        Assert.False(Sys.Dispatchers.HasDispatcher("nowhere"));
        Assert.Equal(2, Sys.Dispatchers.Lookup("own").Throughput);
        await Test.ExpectNothingAsync();
    }

    [Fact]
    public void An_unknown_dispatcher_is_refused() =>
        Assert.Throws<ConfigurationException>(() => Sys.ActorOf(new Script().Props.WithDispatcher("nowhere")));

    [Fact]
    public async Task The_deployment_section_chooses_dispatchers_by_path()
    {
        Script leaf = new() { PreStart = context => Test.Ref.Tell($"{context.Self.Path.ToStringWithoutAddress()} {context.Dispatcher.Id}") };
        Script middle = new()
        {
            PreStart = context =>
            {
                leaf.PreStart!(context);
                context.ActorOf(leaf.Props, "b");
            },
        };
        Script top = new()
        {
            PreStart = context =>
            {
                leaf.PreStart!(context);
                context.ActorOf(middle.Props, "a");
            },
        };
        const string Default = "akka.actor.default-dispatcher";
        Sys.ActorOf(top.Props, "top");
        await Test.ExpectAsync("/user/top own", "/user/top/a own", $"/user/top/a/b {Default}");
        Sys.ActorOf(top.Props, "deep");
        await Test.ExpectAsync($"/user/deep {Default}", "/user/deep/a own", "/user/deep/a/b own");
    }

    [Fact]
    public async Task An_actor_gives_way_after_its_throughput()
    {
        using ManualResetEventSlim gate = new();
        IActorRef blocker = Sys.ActorOf(new Script { Receive = (_, _) => gate.Wait(TimeSpan.FromSeconds(20)) }.Props.WithDispatcher("own"));
        Props props = new Script { Receive = (context, message) => Test.Ref.Tell($"{context.Self.Path.Name}{message}") }.Props.WithDispatcher("own");
        IActorRef a = Sys.ActorOf(props, "a");
        IActorRef b = Sys.ActorOf(props, "b");
        await a.Ask<ActorIdentity>(new Identify(1));
        await b.Ask<ActorIdentity>(new Identify(1));
        blocker.Tell("block");
        for (int i = 1; i <= 4; i++)
        {
            a.Tell(i);
        }

        for (int i = 1; i <= 3; i++)
        {
            b.Tell(i);
        }

        gate.Set();
        await Test.ExpectAsync("a1", "a2", "b1", "b2", "a3", "a4", "b3");
    }

    [Fact]
    public async Task Work_can_be_given_to_a_dispatcher()
    {
        Sys.Dispatchers.Lookup("own").Schedule(() => Test.Ref.Tell(Thread.CurrentThread.Name!, ActorRefs.NoSender));

        await Test.ExpectAsync("own hello");
    }
}
