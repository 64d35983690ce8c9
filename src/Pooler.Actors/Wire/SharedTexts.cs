using System.Collections.Concurrent;

namespace Pooler.Actors.Wire;

/// <summary>
/// Gives the same string for the same text: thousands of connections have the same few values. What is not asked for any more is forgotten, a generation at
/// a time, so that clients that invent values neither grow the table nor push out what others share. Safe for all threads.
/// </summary>
internal sealed class SharedTexts
{
    // Together with what an entry costs besides, in characters: two generations take a few megabytes at most.
    private const int WeightAtMost = 1 << 19;
    private const int EntryWeight = 64;

    private readonly Lock _lock = new();
    private volatile Generation _current = new();
    private volatile Generation _previous = new();

    /// <summary>The shared string with this text.</summary>
    public string Share(ReadOnlySpan<char> text)
    {
        var current = _current;
        if (current.BySpan.TryGetValue(text, out var shared))
        {
            return shared;
        }

        return Enter(current, _previous.BySpan.TryGetValue(text, out shared) ? shared : text.ToString());
    }

    private string Enter(Generation current, string text)
    {
        var shared = current.Texts.GetOrAdd(text, text);
        if (ReferenceEquals(shared, text) && Interlocked.Add(ref current.Weight, text.Length + EntryWeight) > WeightAtMost)
        {
            lock (_lock)
            {
                if (ReferenceEquals(_current, current))
                {
                    _previous = current;
                    _current = new Generation();
                }
            }
        }

        return shared;
    }

    private sealed class Generation
    {
        public int Weight;

        public Generation() => BySpan = Texts.GetAlternateLookup<ReadOnlySpan<char>>();

        public ConcurrentDictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

        public ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> BySpan { get; }
    }
}
