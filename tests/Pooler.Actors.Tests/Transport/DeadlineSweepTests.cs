using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport;

public sealed class DeadlineSweepTests
{
    [Fact]
    public void Holders_may_remove_themselves_and_others_while_they_are_swept()
    {
        var sweep = new DeadlineSweep();
        var holders = Enumerable.Range(0, 10).Select(_ => new Holder()).ToList();
        holders.ForEach(sweep.Add);
        holders[7].OnSweep = () => sweep.Remove(holders[7]);
        holders[5].OnSweep = () =>
        {
            sweep.Remove(holders[9]);
            sweep.Remove(holders[8]);
            sweep.Remove(holders[5]);
        };
        sweep.Run(1);
        sweep.Run(2);
        Assert.Equal(6, sweep.Count);
        Assert.All([0, 1, 2, 3, 4, 6], number => Assert.Equal(2, holders[number].Times));
        Assert.All([5, 7], number => Assert.Equal(1, holders[number].Times));
    }

    [Fact]
    public void Adding_twice_and_removing_a_stranger_is_harmless()
    {
        var sweep = new DeadlineSweep();
        var member = new Holder();
        var stranger = new Holder { SweepPosition = 0 };
        sweep.Add(member);
        sweep.Add(member);
        sweep.Remove(stranger);
        Assert.Equal(1, sweep.Count);
        sweep.Remove(member);
        sweep.Remove(member);
        Assert.Equal(0, sweep.Count);
    }

    private sealed class Holder : IDeadlineHolder
    {
        public int SweepPosition { get; set; } = -1;

        internal int Times { get; private set; }

        internal Action? OnSweep { get; set; }

        public void Sweep(long now)
        {
            Times++;
            OnSweep?.Invoke();
        }
    }
}
