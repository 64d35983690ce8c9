namespace Akka.Configuration.Hocon;

/// <summary>An object: keys in the order of the document. Not changed after it was built.</summary>
public class HoconObject
{
    internal HoconObject(Dictionary<string, HoconValue> items) => Items = items;

    public Dictionary<string, HoconValue> Items { get; }

    /// <summary>The fields with nested objects as dictionaries and everything else as <see cref="HoconValue"/>.</summary>
    public IDictionary<string, object> Unwrapped =>
        Items.ToDictionary(item => item.Key, item => item.Value.Content is HoconObject nested ? nested.Unwrapped : (object)item.Value);

    public HoconValue? GetKey(string key) => Items.GetValueOrDefault(key);

    public override string ToString() => ToString(0);

    public string ToString(int indent) => HoconPrinter.Print(this, indent);

    /// <summary>Both objects in one; where both have a key, <paramref name="winner"/>'s value stands, and objects merge.</summary>
    internal static HoconObject Merge(HoconObject winner, HoconObject fallback)
    {
        var items = new Dictionary<string, HoconValue>(winner.Items);
        foreach (var (key, value) in fallback.Items)
        {
            items[key] = items.TryGetValue(key, out var own) ? HoconValue.Merge(own, value) : value;
        }

        return new HoconObject(items);
    }
}
