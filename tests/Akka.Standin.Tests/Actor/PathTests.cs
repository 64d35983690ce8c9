using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class PathTests : SystemTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Paths_tell_the_place_in_the_tree()
    {
        Script child = new();
        Sys.ActorOf(new Script { PreStart = context => Test.Ref.Tell(context.ActorOf(child.Props, "server-1")) }.Props, "pools");
        IActorRef server = (IActorRef)await Test.NextAsync();

        Assert.Equal($"akka://{Sys.Name}/user/pools/server-1", server.Path.ToString());
        Assert.Equal("/user/pools/server-1", server.Path.ToStringWithoutAddress());
        Assert.Equal(["user", "pools", "server-1"], server.Path.Elements);
        Assert.Equal(3, server.Path.Depth);
        Assert.Equal("pools", server.Path.Parent.Name);
        Assert.NotEqual(0, server.Path.Uid);
        Assert.Equal(server.Path, ActorPath.Parse(server.Path.ToString()));
        Assert.Equal(server.Path, server.Path.Root / "user" / "pools" / "server-1");
        Assert.Contains(server.Path.ToString(), server.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("no path")]
    [InlineData("/user/x")]
    public void What_is_no_path_is_not_parsed(string text) => Assert.False(ActorPath.TryParse(text, out _));

    [Fact]
    public void References_are_equal_by_path_and_incarnation()
    {
        IActorRef a = Sys.ActorOf(new Script().Props, "a");
        IActorRef b = Sys.ActorOf(new Script().Props, "b");

        Assert.Equal(a, a);
        Assert.NotEqual(a, b);
        Assert.NotEqual(0, a.CompareTo(b));
        Assert.Equal(a.CompareTo(b) > 0, b.CompareTo(a) < 0);
        Assert.Single(new HashSet<IActorRef> { a, a });
    }

    [Theory]
    [InlineData("/user/top/kid")]
    [InlineData("user/top/kid")]
    [InlineData("/user/*/kid")]
    [InlineData("/user/top/k?d")]
    public async Task A_selection_finds_an_actor(string path)
    {
        IActorRef kid = await MakeKidAsync();
        path = path.StartsWith('u') ? $"akka://{Sys.Name}/{path}" : path;

        Assert.Equal(kid, await Sys.ActorSelection(path).ResolveOne(Patience));
        Sys.ActorSelection(path).Tell(new Identify("id"), Test.Ref);
        Assert.Equal(kid, (await Test.NextAsync<ActorIdentity>()).Subject);
    }

    [Fact]
    public async Task A_selection_without_an_actor_finds_none()
    {
        await Assert.ThrowsAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nobody").ResolveOne(TimeSpan.FromMilliseconds(200)));
        Sys.ActorSelection("/user/nobody").Tell(new Identify("id"), Test.Ref);

        ActorIdentity identity = await Test.NextAsync<ActorIdentity>();
        Assert.Equal("id", identity.MessageId);
        Assert.True(identity.Subject.IsNobody());
    }

    [Fact]
    public async Task A_selection_is_relative_to_its_actor()
    {
        await MakeKidAsync();
        IActorRef asking = Sys.ActorOf(new Script
        {
            Receive = (context, message) => context.ActorSelection("../top/kid").Tell(message, context.Sender),
        }.Props);
        asking.Tell(new Identify(1), Test.Ref);
        await Test.NextAsync<ActorIdentity>();
        asking.Tell("told", Test.Ref);

        await Test.ExpectAsync("kid told");
    }

    private async Task<IActorRef> MakeKidAsync()
    {
        Script kid = new() { Receive = (context, message) => context.Sender.Tell($"kid {message}") };
        Sys.ActorOf(new Script { PreStart = context => Test.Ref.Tell(context.ActorOf(kid.Props, "kid")) }.Props, "top");
        return (IActorRef)await Test.NextAsync();
    }
}
