using Akka.Actor;
using Pooler.Actors.Pools;

namespace Pooler.Actors.Tests.Pools;

public sealed class WaitQueueTests
{
    private readonly WaitQueue _queue = new();
    private readonly Acquire[] _waiters = [.. Enumerable.Range(0, 4).Select(i => new Acquire(ActorRefs.Nobody, i))];

    public WaitQueueTests()
    {
        foreach (var waiter in _waiters)
        {
            _queue.Enqueue(waiter);
        }
    }

    [Fact]
    public void TheOldestComesFirst()
    {
        Assert.Equal(_waiters, Drain());
        Assert.Null(_queue.Dequeue());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void AWaiterMayLeaveFromAnyPlaceAndComeAgain(int place)
    {
        _queue.Remove(_waiters[place]);
        Assert.False(_waiters[place].IsQueued);
        _queue.Remove(_waiters[place]);
        Assert.Equal(3, _queue.Count);
        _queue.Enqueue(_waiters[place]);
        Assert.Equal([.. _waiters.Where((_, i) => i != place), _waiters[place]], Drain());
    }

    [Fact]
    public void ANewWaitIsToldAnew()
    {
        _waiters[0].WasNotified = true;
        _queue.Enqueue(_queue.Dequeue()!);
        Assert.False(_waiters[0].WasNotified);
    }

    [Fact]
    public void AnyOrderOfComingAndLeavingKeepsTheQueueWhole()
    {
        var random = new Random(7);
        var expected = new List<Acquire>(_waiters);
        for (var i = 0; i < 10_000; i++)
        {
            var waiter = _waiters[random.Next(_waiters.Length)];
            if (expected.Remove(waiter))
            {
                _queue.Remove(waiter);
            }
            else
            {
                expected.Add(waiter);
                _queue.Enqueue(waiter);
            }

            Assert.Equal(expected.Count, _queue.Count);
            Assert.Same(expected.FirstOrDefault(), _queue.First);
        }

        Assert.Equal(expected, Drain());
    }

    private List<Acquire> Drain()
    {
        var all = new List<Acquire>();
        while (_queue.Dequeue() is { } waiter)
        {
            Assert.False(waiter.IsQueued);
            all.Add(waiter);
        }

        Assert.Equal(0, _queue.Count);
        return all;
    }
}
