using Akka.Actor;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class BehaviorTests : SystemTest
{
    [Fact]
    public async Task Become_replaces_the_behaviour()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Switching(Test.Ref)));
        actor.Tell("a");
        actor.Tell("become");
        actor.Tell("b");

        await Test.ExpectAsync("own a", "other b");
    }

    [Fact]
    public async Task Stacked_behaviours_come_back_in_turn()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Switching(Test.Ref)));
        foreach (string message in new[] { "push", "push", "x", "pop", "y", "pop", "z" })
        {
            actor.Tell(message);
        }

        await Test.ExpectAsync("other x", "other y", "own z");
    }

    [Fact]
    public async Task A_restart_brings_back_the_first_behaviour()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Switching(Test.Ref)));
        actor.Tell("become");
        actor.Tell("fail");
        actor.Tell("x");

        await Test.ExpectAsync("own x");
    }

    [Fact]
    public async Task Unhandled_messages_are_published()
    {
        Sys.EventStream.Subscribe(Test.Ref, typeof(UnhandledMessage));
        IActorRef actor = Sys.ActorOf(new Script().Props);
        Leave message = new();
        actor.Tell(message, Test.Ref);

        UnhandledMessage unhandled = await Test.NextAsync<UnhandledMessage>();
        Assert.Same(message, unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
        Assert.Equal(Test.Ref, unhandled.Sender);
    }

    [Fact]
    public async Task Handlers_are_asked_in_their_order()
    {
        Sys.EventStream.Subscribe(Test.Ref, typeof(UnhandledMessage));
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Declared(Test.Ref)));
        actor.Tell(3);
        actor.Tell(30);
        actor.Tell("text");
        actor.Tell("");
        actor.Tell(1.5);

        await Test.ExpectAsync("small 3", "int 30", "text");
        Assert.Equal("", (await Test.NextAsync<UnhandledMessage>()).Message);
        Assert.Equal(1.5, (await Test.NextAsync<UnhandledMessage>()).Message);
    }

    [Fact]
    public async Task A_ReceiveActor_changes_its_handlers_by_Become()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Door(Test.Ref)));
        actor.Tell("knock");
        actor.Tell("open");
        actor.Tell("knock");
        actor.Tell("close");
        actor.Tell("knock");

        await Test.ExpectAsync("closed", "come in", "closed");
    }

    [Fact]
    public async Task No_handler_can_follow_one_that_takes_all()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new TakesAll(Test.Ref)));

        await Test.ExpectAsync(typeof(InvalidOperationException));
        await Test.ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task AroundReceive_stands_around_every_message()
    {
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Surrounded(Test.Ref)));
        actor.Tell("x");
        actor.Tell("become");
        actor.Tell("y");

        await Test.ExpectAsync("before", "x", "before", "before", "other y");
    }

    private sealed class Switching : UntypedActor
    {
        private readonly IActorRef _test;

        public Switching(IActorRef test)
        {
            _test = test;
        }

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "become":
                    Become(Other);
                    break;
                case "push":
                    BecomeStacked(Other);
                    break;
                default:
                    _test.Tell($"own {message}");
                    break;
            }
        }

        private void Other(object message)
        {
            switch (message)
            {
                case "push":
                    BecomeStacked(Other);
                    break;
                case "pop":
                    UnbecomeStacked();
                    break;
                case "fail":
                    throw new InvalidOperationException("fail");
                default:
                    _test.Tell($"other {message}");
                    break;
            }
        }
    }

    private sealed class Declared : ReceiveActor
    {
        public Declared(IActorRef test)
        {
            Receive<int>(number => test.Tell($"small {number}"), number => number < 10);
            Receive<int>(number => test.Tell($"int {number}"));
            Receive<string>(text =>
            {
                if (text.Length == 0)
                {
                    return false;
                }

                test.Tell(text);
                return true;
            });
        }
    }

    private sealed class Door : ReceiveActor
    {
        private readonly IActorRef _test;

        public Door(IActorRef test)
        {
            _test = test;
            Closed();
        }

        private void Closed()
        {
            Receive<string>(_ => Become(Open), text => text == "open");
            Receive<string>(_ => _test.Tell("closed"));
        }

        private void Open()
        {
            Receive<string>(_ => Become(Closed), text => text == "close");
            Receive<string>(_ => _test.Tell("come in"));
        }
    }

    private sealed class TakesAll : ReceiveActor
    {
        public TakesAll(IActorRef test)
        {
            ReceiveAny(_ => { });
            try
            {
                Receive<string>(_ => { });
            }
            catch (Exception e)
            {
                test.Tell(e.GetType());
                throw;
            }
        }
    }

    private sealed class Surrounded : UntypedActor
    {
        private readonly IActorRef _test;

        public Surrounded(IActorRef test)
        {
            _test = test;
        }

        protected override bool AroundReceive(Receive receive, object message)
        {
            _test.Tell("before");
            return base.AroundReceive(receive, message);
        }

        protected override void OnReceive(object message)
        {
            if (message is "become")
            {
                Become(other => _test.Tell($"other {other}"));
            }
            else
            {
                _test.Tell(message);
            }
        }
    }
}
