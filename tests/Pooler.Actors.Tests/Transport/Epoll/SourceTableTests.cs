using Pooler.Actors.Transport.Epoll;

namespace Pooler.Actors.Tests.Transport.Epoll;

public sealed class SourceTableTests
{
    [Fact]
    public void A_key_of_a_former_owner_finds_nobody_when_the_slot_is_used_again()
    {
        var table = new SourceTable();
        var first = new Source();
        var second = new Source();
        var slot = table.Add(first);
        var stale = table.KeyOf(slot);
        Assert.True(table.TryGet(stale, out var found));
        Assert.Same(first, found);

        table.Remove(slot);
        Assert.False(table.TryGet(stale, out _));
        Assert.Equal(slot, table.Add(second));
        Assert.False(table.TryGet(stale, out _));
        Assert.True(table.TryGet(table.KeyOf(slot), out found));
        Assert.Same(second, found);
    }

    [Fact]
    public void The_table_grows_and_abandons_everything_once()
    {
        var table = new SourceTable();
        var sources = Enumerable.Range(0, 1000).Select(_ => new Source()).ToList();
        var slots = sources.ConvertAll(table.Add);
        Assert.Equal(1000, slots.Distinct().Count());
        table.Remove(slots[10]);
        table.AbandonAll();
        table.AbandonAll();
        Assert.Equal(0, sources[10].Abandoned);
        Assert.Equal(999, sources.Sum(source => source.Abandoned));
    }

    private sealed class Source : IEpollSource
    {
        internal int Abandoned { get; private set; }

        public void Ready(uint events)
        {
        }

        public void Abandon() => Abandoned++;
    }
}
