using System.Diagnostics.CodeAnalysis;
using Akka.Configuration.Hocon;

namespace Akka.Configuration;

/// <summary>
/// Settings by dotted path, with a chain of fallbacks behind them: a value that is missing here is looked for there, and objects on both sides
/// merge. Immutable and thread-safe.
/// </summary>
public class Config
{
    public static readonly Config Empty = new();

    private readonly Lazy<HoconValue> _merged;

    public Config()
        : this(new HoconRoot(new HoconValue(new HoconObject([]))))
    {
    }

    public Config(HoconRoot root)
        : this(root, null)
    {
    }

    public Config(Config source, Config? fallback)
        : this(new HoconRoot(source.Root), source.Fallback is null ? fallback : source.Fallback.Append(fallback))
    {
    }

    private Config(HoconRoot root, Config? fallback)
    {
        Root = root.Value;
        Fallback = fallback;
        _merged = new Lazy<HoconValue>(() => Fallback is null ? Root : HoconValue.Merge(Root, Fallback._merged.Value));
    }

    /// <summary>What is looked at after this configuration's own values.</summary>
    public Config? Fallback { get; }

    /// <summary>The own values, without those of the fallbacks.</summary>
    public virtual HoconValue Root { get; }

    /// <summary>True when neither this configuration nor a fallback has a value.</summary>
    public virtual bool IsEmpty => _merged.Value.IsEmpty;

    public static implicit operator Config(string str) => ConfigurationFactory.ParseString(str);

    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
        {
            throw new ArgumentException("A configuration cannot be its own fallback.", nameof(fallback));
        }

        return fallback is null ? this : new Config(this, fallback);
    }

    /// <summary>True when there is a value that is not null at the path.</summary>
    public virtual bool HasPath(string path) => TryFind(path, out _);

    /// <summary>The value at the path with the fallbacks merged in, or null.</summary>
#nullable disable annotations // As in Akka.NET: callers know from their defaults whether there is a value.
    public HoconValue GetValue(string path) => TryFind(path, out var value) ? value : null;
#nullable restore annotations

    /// <summary>The object at the path as a configuration of its own, with the fallbacks' part of it behind; null when there is none.</summary>
#nullable disable annotations // As in Akka.NET: callers know from their defaults whether there is a value.
    public virtual Config GetConfig(string path)
#nullable restore annotations
    {
        if (!TryFind(path, out var merged))
        {
            return null;
        }

        if (merged.Content is not HoconObject)
        {
            throw merged.NotA("an object", path);
        }

        var own = Walk(Root, path);
        var behind = own is null or { Content: HoconObject } ? Fallback?.GetConfig(path) : null;
        return own is null ? behind : new Config(new HoconRoot(own), behind);
    }

#nullable disable annotations // As in Akka.NET: callers know from their defaults whether there is a value.
    public virtual string GetString(string path, string @default = null) => Read(path, @default, HoconConversions.TryGetString, "a text");
#nullable restore annotations

    public virtual bool GetBoolean(string path, bool @default = false) =>
        Read(path, @default, HoconConversions.TryGetBoolean, HoconConversions.BooleanKind);

    public virtual int GetInt(string path, int @default = 0) =>
        Read(path, @default, HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public virtual long GetLong(string path, long @default = 0) =>
        Read(path, @default, HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public virtual float GetFloat(string path, float @default = 0) =>
        Read(path, @default, HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    public virtual double GetDouble(string path, double @default = 0) =>
        Read(path, @default, HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    public virtual decimal GetDecimal(string path, decimal @default = 0) =>
        Read(path, @default, HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    /// <summary>A size in bytes; null when the path is missing.</summary>
    public virtual long? GetByteSize(string path) => GetByteSize(path, null);

    public virtual long? GetByteSize(string path, long? def = null) =>
        TryFind(path, out _) ? Read(path, 0L, HoconUnits.TryGetByteSize, HoconConversions.SizeKind) : def;

    /// <summary>A duration; a number without a unit means milliseconds, and <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true) => allowInfinite
        ? Read(path, @default.GetValueOrDefault(), HoconUnits.TryGetTimeSpanOrInfinite, HoconConversions.DurationKind)
        : Read(path, @default.GetValueOrDefault(), HoconUnits.TryGetTimeSpan, HoconConversions.FiniteDurationKind);

    public virtual IList<string> GetStringList(string path) => GetStringList(path, []);

    public virtual IList<string> GetStringList(string path, string[] defaultPaths) =>
        Read<IList<string>>(path, defaultPaths, HoconConversions.TryGetStringList, "a list of texts");

    public virtual IList<int> GetIntList(string path) => ReadList<int>(path, HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public virtual IList<long> GetLongList(string path) => ReadList<long>(path, HoconConversions.TryGetNumber, HoconConversions.IntegerKind);

    public virtual IList<double> GetDoubleList(string path) =>
        ReadList<double>(path, HoconConversions.TryGetNumber, HoconConversions.NumberKind);

    public virtual IList<bool> GetBooleanList(string path) =>
        ReadList<bool>(path, HoconConversions.TryGetBoolean, HoconConversions.BooleanKind);

    /// <summary>The fields of the top level, those of the fallbacks included.</summary>
    public virtual IEnumerable<KeyValuePair<string, HoconValue>> AsEnumerable() =>
        _merged.Value.Content is HoconObject root ? root.Items : [];

    public override string ToString() => ToString(false);

    public string ToString(bool includeFallback) => (includeFallback ? _merged.Value : Root).ToString();

    private static HoconValue? Walk(HoconValue start, string path)
    {
        HoconValue? value = start;
        foreach (var key in HoconPath.Split(path))
        {
            value = value?.GetChildObject(key);
        }

        return value;
    }

    /// <summary>This chain with one more configuration at its end.</summary>
    private Config Append(Config? fallback) => new(this, fallback);

    private bool TryFind(string path, [NotNullWhen(true)] out HoconValue? value)
    {
        value = Walk(_merged.Value, path);
        return value is { Content: not null };
    }

    private T Read<T>(string path, T @default, HoconConversion<T> conversion, string kind) =>
        !TryFind(path, out var value) ? @default
        : conversion(value, out var result) ? result
        : throw value.NotA(kind, path);

    private IList<T> ReadList<T>(string path, HoconConversion<T> conversion, string kind) =>
        !TryFind(path, out var value) ? []
        : HoconConversions.TryGetList(value, conversion, out var result) ? result
        : throw value.NotA($"a list whose elements are each {kind}", path);
}
