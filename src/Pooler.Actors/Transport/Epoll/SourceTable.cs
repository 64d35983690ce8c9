using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Transport.Epoll;

/// <summary>
/// Who owns which slot of an epoll set. The key that epoll carries names a slot and its generation, so an event that was reported before a slot
/// changed hands finds nobody. Used on the loop's thread.
/// </summary>
internal sealed class SourceTable
{
    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _firstFree = -1;

    internal int Add(IEpollSource source)
    {
        int slot;
        if (_firstFree >= 0)
        {
            slot = _firstFree;
            _firstFree = _slots[slot].NextFree;
        }
        else
        {
            if (_used == _slots.Length)
            {
                Array.Resize(ref _slots, _used * 2);
            }

            slot = _used++;
        }

        _slots[slot].Source = source;
        return slot;
    }

    internal void Remove(int slot)
    {
        ref var entry = ref _slots[slot];
        entry.Source = null;
        entry.Generation++;
        entry.NextFree = _firstFree;
        _firstFree = slot;
    }

    internal ulong KeyOf(int slot) => ((ulong)_slots[slot].Generation << 32) | (uint)slot;

    internal bool TryGet(ulong key, [NotNullWhen(true)] out IEpollSource? source)
    {
        ref var entry = ref _slots[(int)(uint)key];
        source = entry.Source;
        return source is not null && entry.Generation == (uint)(key >> 32);
    }

    internal void AbandonAll()
    {
        for (var slot = 0; slot < _used; slot++)
        {
            _slots[slot].Source?.Abandon();
            _slots[slot].Source = null;
        }
    }

    private struct Slot
    {
        internal IEpollSource? Source;
        internal uint Generation;
        internal int NextFree;
    }
}
