namespace Akka.Configuration.Hocon;

/// <summary>One value: text (numbers and switches are text that is read on demand), a list, an object, or null. Immutable.</summary>
public class HoconValue
{
    internal HoconValue(object? content, HoconPosition position = default)
    {
        Content = content;
        Position = position;
    }

    public bool IsEmpty => Content is null or HoconObject { Items.Count: 0 };

    /// <summary>A <see cref="string"/>, a <see cref="HoconObject"/>, an array of <see cref="HoconValue"/>, or null.</summary>
    internal object? Content { get; }

    internal HoconPosition Position { get; }

    public bool IsString() => Content is string;

    public bool IsObject() => Content is HoconObject;

    public bool IsArray() => Content is HoconValue[];

#nullable disable annotations // As in Akka.NET: callers ask IsString and IsObject first where they do not know.
    /// <summary>The text, or null when this is an object, a list or null.</summary>
    public string GetString() => Content as string;

    /// <summary>The object, or null when this is something else.</summary>
    public HoconObject GetObject() => Content as HoconObject;

    public HoconValue GetChildObject(string key) => (Content as HoconObject)?.GetKey(key);
#nullable restore annotations

    public IList<HoconValue> GetArray() => Read<HoconValue[]>(HoconConversions.TryGetArray, "a list");

    public bool GetBoolean() => Read<bool>(HoconConversions.TryGetBoolean, HoconConversions.BooleanKind);

    public byte GetByte() => Read<byte>(HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public int GetInt() => Read<int>(HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public long GetLong() => Read<long>(HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public float GetFloat() => Read<float>(HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    public double GetDouble() => Read<double>(HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    public decimal GetDecimal() => Read<decimal>(HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    /// <summary>A size in bytes.</summary>
    public long? GetByteSize() => Read<long>(HoconUnits.TryGetByteSize, HoconConversions.SizeKind);

    public TimeSpan GetTimeSpan(bool allowInfinite = true) => allowInfinite
        ? Read<TimeSpan>(HoconUnits.TryGetTimeSpanOrInfinite, HoconConversions.DurationKind)
        : Read<TimeSpan>(HoconUnits.TryGetTimeSpan, HoconConversions.FiniteDurationKind);

    public IList<string> GetStringList() => Read<IList<string>>(HoconConversions.TryGetStringList, "a list of texts");

    public IList<int> GetIntList() => [.. GetArray().Select(item => item.GetInt())];

    public IList<long> GetLongList() => [.. GetArray().Select(item => item.GetLong())];

    public IList<double> GetDoubleList() => [.. GetArray().Select(item => item.GetDouble())];

    public IList<bool> GetBooleanList() => [.. GetArray().Select(item => item.GetBoolean())];

    /// <summary>A configuration whose only content is this value at <paramref name="key"/>.</summary>
    public Config AtKey(string key) =>
        new(new HoconRoot(new HoconValue(new HoconObject(new Dictionary<string, HoconValue> { [key] = this }))));

    /// <summary>This object as a configuration of its own.</summary>
    public Config ToConfig() => new(new HoconRoot(this));

    public override string ToString() => ToString(0);

    public virtual string ToString(int indent) => HoconPrinter.Print(this, indent);

    /// <summary>Objects merge; any other pair leaves <paramref name="winner"/>.</summary>
    internal static HoconValue Merge(HoconValue winner, HoconValue fallback) =>
        winner.Content is HoconObject own && fallback.Content is HoconObject other
            ? new HoconValue(HoconObject.Merge(own, other), winner.Position)
            : winner;

    internal ConfigurationException NotA(string kind, string? path)
    {
        var shown = Content switch
        {
            null => "null",
            string text => $"'{text}'",
            HoconObject => "an object",
            _ => "a list",
        };
        var message = path is null ? $"{shown} is not {kind}" : $"{path} is {shown}, which is not {kind}";
        return Position == default ? new ConfigurationException(message) : Position.Error(message);
    }

    private T Read<T>(HoconConversion<T> conversion, string kind) =>
        conversion(this, out var result) ? result : throw NotA(kind, null);
}
