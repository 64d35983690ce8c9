using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class StashTests : SystemTest
{
    [Fact]
    public async Task Stashed_messages_come_back_before_later_ones()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Stashing(Test.Ref)));
        foreach (object message in new object[] { 1, 2, "open", 3 })
        {
            actor.Tell(message);
        }

        await Test.ExpectAsync(1, 2, 3);
    }

    [Fact]
    public async Task A_restart_brings_stashed_messages_back()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Stashing(Test.Ref)));
        foreach (object message in new object[] { 1, "fail", "open", 2 })
        {
            actor.Tell(message);
        }

        await Test.ExpectAsync(1, 2);
    }

    private sealed class Stashing : UntypedActor, IWithUnboundedStash
    {
        private readonly IActorRef _test;
        private bool _open;

        public Stashing(IActorRef test)
        {
            _test = test;
        }

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "fail":
                    throw new InvalidOperationException("fail");
                case int when !_open:
                    Stash.Stash();
                    break;
                default:
                    _test.Tell(message);
                    break;
            }
        }
    }
}
