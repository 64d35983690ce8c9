using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class ActorSystemTests : SystemTest
{
    [Theory]
    [InlineData("")]
    [InlineData("-a")]
    [InlineData("a b")]
    [InlineData("a/b")]
    public void A_bad_name_is_refused(string name) => Assert.ThrowsAny<ArgumentException>(() => ActorSystem.Create(name));

    [Fact]
    public async Task Terminate_stops_all_actors_first()
    {
        int stopped = 0;
        Script child = new() { PostStop = _ => Interlocked.Increment(ref stopped) };
        Sys.ActorOf(new Script
        {
            PreStart = context =>
            {
                for (int i = 0; i < 10; i++)
                {
                    context.ActorOf(child.Props);
                }

                Test.Ref.Tell("ready");
            },
            PostStop = _ => Interlocked.Increment(ref stopped),
        }.Props);
        await Test.ExpectAsync("ready");
        int atTheEnd = -1;
        Sys.RegisterOnTermination(() => atTheEnd = stopped);
        await Sys.Terminate();

        Assert.Equal(11, atTheEnd);
        Assert.True(Sys.WhenTerminated.IsCompletedSuccessfully);
        Assert.ThrowsAny<InvalidOperationException>(() => Sys.ActorOf(new Script().Props));
    }

    [Fact]
    public async Task Terminating_again_is_the_same()
    {
        Task first = Sys.Terminate();
        await Sys.Terminate();
        await first;
    }

    [Fact]
    public async Task A_failure_that_the_guardian_escalates_does_not_hang_the_system()
    {
        using ActorSystem system = ActorSystem.Create("stopping", ConfigurationFactory.ParseString("""
            akka.loglevel = OFF
            akka.stdout-loglevel = OFF
            akka.actor.guardian-supervisor-strategy = "Akka.Actor.StoppingSupervisorStrategy"
            """));
        IActorRef actor = system.ActorOf(new Script { Receive = (_, _) => throw new InvalidOperationException("boom") }.Props);
        Probe probe = new(system);
        probe.Watch(actor);
        actor.Tell("x");

        Assert.Equal(actor, (await probe.NextAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public void Extensions_are_made_once()
    {
        Counting first = Sys.WithExtension<Counting, CountingId>();
        Counting second = Sys.WithExtension<Counting, CountingId>();

        Assert.Same(first, second);
        Assert.True(Sys.HasExtension<Counting>());
        Assert.Same(first, Sys.GetExtension<Counting>());
        Assert.True(Sys.TryGetExtension(out Counting third));
        Assert.Same(first, third);
    }

    [Fact]
    public async Task A_setup_carries_the_configuration_and_parts_of_ones_own()
    {
        ActorSystemSetup setup = BootstrapSetup.Create()
            .WithConfig(ConfigurationFactory.ParseString("own.key = 5, akka.loglevel = OFF, akka.stdout-loglevel = OFF"))
            .And(new OwnSetup("part"));
        using ActorSystem system = ActorSystem.Create("setup", setup);

        Assert.Equal(5, system.Settings.Config.GetInt("own.key"));
        Assert.Equal("part", system.Settings.Setup.Get<OwnSetup>().Value.Text);
        await system.Terminate();
    }

    [Fact]
    public async Task An_actor_below_system_outlives_those_below_user()
    {
        List<string> ends = [];
        ((ExtendedActorSystem)Sys).SystemActorOf(new Script { PostStop = _ => ends.Add("system") }.Props, "late");
        Sys.ActorOf(new Script { PostStop = _ => ends.Add("user") }.Props);
        await Sys.Terminate();

        Assert.Equal(["user", "system"], ends);
    }

    private sealed class OwnSetup(string text) : Setup
    {
        public string Text => text;
    }

    private sealed class Counting : IExtension;

    private sealed class CountingId : ExtensionIdProvider<Counting>
    {
        public override Counting CreateExtension(ExtendedActorSystem system) => new();
    }
}
