using Akka.Actor;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Actor;

public sealed class PropsTests : SystemTest
{
    private readonly string _field = "field";

    [Fact]
    public async Task Arguments_come_from_constants_variables_fields_and_calls()
    {
        string variable = "variable";
        Sys.ActorOf(Props.Create(() => new Telling(Test.Ref, "constant")));
        await Test.ExpectAsync("constant");
        Sys.ActorOf(Props.Create(() => new Telling(Test.Ref, variable)));
        await Test.ExpectAsync("variable");
        Sys.ActorOf(Props.Create(() => new Telling(Test.Ref, _field)));
        await Test.ExpectAsync("field");
        Sys.ActorOf(Props.Create(() => new Telling(Test.Ref, variable.ToUpperInvariant() + 1)));
        await Test.ExpectAsync("VARIABLE1");
    }

    [Fact]
    public async Task Arguments_can_be_given_as_a_list()
    {
        Sys.ActorOf(Props.Create<Telling>(Test.Ref, "list"));
        await Test.ExpectAsync("list");
        Sys.ActorOf(Props.Create(typeof(Telling), Test.Ref, "typed"));
        await Test.ExpectAsync("typed");
    }

    [Fact]
    public async Task A_restart_uses_the_same_arguments()
    {
        int calls = 0;
        Func<string> next = () => $"call {++calls}";
        IActorRef actor = Sys.ActorOf(Props.Create(() => new Telling(Test.Ref, next())));
        actor.Tell("fail");

        await Test.ExpectAsync("call 1", "call 1");
    }

    [Fact]
    public void A_factory_has_to_be_a_constructor_call() => Assert.Throws<ArgumentException>(() => Props.Create(() => Make()));

    [Fact]
    public void Props_are_not_changed_by_their_With_methods()
    {
        Props props = Props.Create<Telling>(Test.Ref, "x");
        Props other = props.WithDispatcher("akka.actor.default-dispatcher");

        Assert.NotSame(props, other);
        Assert.Equal("akka.actor.default-dispatcher", other.Dispatcher);
        Assert.Equal(typeof(Telling), other.Type);
    }

    private static Telling Make() => throw new NotSupportedException();

    private sealed class Telling : UntypedActor
    {
        private readonly IActorRef _test;
        private readonly string _text;

        public Telling(IActorRef test, string text)
        {
            _test = test;
            _text = text;
        }

        protected override void PreStart() => _test.Tell(_text);

        protected override void OnReceive(object message) => throw new InvalidOperationException("fail");
    }
}
