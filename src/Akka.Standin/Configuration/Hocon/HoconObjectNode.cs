namespace Akka.Configuration.Hocon;

/// <summary>An object as written. Objects assigned to the same key one after the other are merged while reading.</summary>
internal sealed class HoconObjectNode(HoconPosition position, string path) : HoconNode(position)
{
    internal Dictionary<string, HoconEntry> Entries { get; } = new(StringComparer.Ordinal);

    /// <summary>Where the object stands in the document; empty for the root.</summary>
    internal string Path { get; } = path;

    internal HoconEntry Entry(string key)
    {
        if (!Entries.TryGetValue(key, out var entry))
        {
            entry = new HoconEntry(PathOf(key));
            Entries.Add(key, entry);
        }

        return entry;
    }

    internal string PathOf(string key) => Path.Length == 0 ? HoconPrinter.Key(key) : $"{Path}.{HoconPrinter.Key(key)}";

    /// <summary>The object that a nested key's fields go into: the one assigned last, or a new one.</summary>
    internal HoconObjectNode Child(string key, HoconPosition position)
    {
        var entry = Entry(key);
        if (entry.Assignments is [.., HoconObjectNode last])
        {
            return last;
        }

        var child = new HoconObjectNode(position, entry.Path);
        entry.Assignments.Add(child);
        return child;
    }

    internal void Assign(string key, HoconNode value)
    {
        var entry = Entry(key);
        if (value is HoconObjectNode added && entry.Assignments is [.., HoconObjectNode last])
        {
            last.Take(added);
        }
        else
        {
            entry.Assignments.Add(value);
        }
    }

    /// <summary>Takes over the fields of an included document's root.</summary>
    internal void Include(HoconObject included)
    {
        foreach (var (key, value) in included.Items)
        {
            if (value.Content is HoconObject nested)
            {
                Child(key, value.Position).Include(nested);
            }
            else
            {
                Assign(key, new HoconValueNode(value));
            }
        }
    }

    private void Take(HoconObjectNode other)
    {
        foreach (var (key, entry) in other.Entries)
        {
            foreach (var assignment in entry.Assignments)
            {
                Assign(key, assignment);
            }
        }
    }
}
