using Akka.Actor;
using Akka.Event;
using Akka.Standin.Tests.Support;

namespace Akka.Standin.Tests.Event;

public sealed class EventStreamTests : SystemTest
{
    private interface IMarked;

    [Fact]
    public async Task Subscribers_hear_a_type_and_what_derives_from_it()
    {
        Assert.True(Sys.EventStream.Subscribe(Test.Ref, typeof(Animal)));
        Assert.False(Sys.EventStream.Subscribe(Test.Ref, typeof(Animal)));
        Sys.EventStream.Publish("not for it");
        Sys.EventStream.Publish(new Dog());
        Sys.EventStream.Publish(new Animal());

        await Test.NextAsync<Dog>();
        await Test.NextAsync<Animal>();
    }

    [Fact]
    public async Task An_interface_is_a_channel_too()
    {
        Sys.EventStream.Subscribe<IMarked>(Test.Ref);
        Sys.EventStream.Publish(new Animal());
        Sys.EventStream.Publish(new Dog());

        await Test.NextAsync<Dog>();
    }

    [Fact]
    public async Task Unsubscribing_ends_it()
    {
        Sys.EventStream.Subscribe(Test.Ref, typeof(Animal));
        Sys.EventStream.Subscribe(Test.Ref, typeof(string));
        Assert.True(Sys.EventStream.Unsubscribe(Test.Ref, typeof(Animal)));
        Sys.EventStream.Publish(new Animal());
        Sys.EventStream.Publish("text");
        await Test.ExpectAsync("text");

        Assert.True(Sys.EventStream.Unsubscribe(Test.Ref));
        Sys.EventStream.Publish("text");
        await Test.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_stopped_subscriber_to_dead_letters_does_no_harm()
    {
        IActorRef subscriber = Sys.ActorOf(new Script().Props);
        Sys.EventStream.Subscribe(subscriber, typeof(DeadLetter));
        await subscriber.GracefulStop(TimeSpan.FromSeconds(20));
        Sys.EventStream.Subscribe(Test.Ref, typeof(DeadLetter));
        subscriber.Tell("late");

        Assert.Equal("late", (await Test.NextAsync<DeadLetter>()).Message);
        await Test.ExpectNothingAsync();
    }

    [Fact]
    public async Task Some_messages_are_no_dead_letters()
    {
        IActorRef actor = Sys.ActorOf(new Script().Props);
        await actor.GracefulStop(TimeSpan.FromSeconds(20));
        Sys.EventStream.Subscribe(Test.Ref, typeof(DeadLetter));
        actor.Tell(new Expected());
        actor.Tell(PoisonPill.Instance);
        actor.Tell("late");

        Assert.Equal("late", (await Test.NextAsync<DeadLetter>()).Message);
    }

    private class Animal;

    private sealed class Dog : Animal, IMarked;

    private sealed class Expected : IDeadLetterSuppression;
}
