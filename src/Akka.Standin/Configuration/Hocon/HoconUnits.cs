using System.Collections.Frozen;
using System.Globalization;

namespace Akka.Configuration.Hocon;

/// <summary>Durations and sizes: a number and an optional unit ("Units format" of the HOCON grammar).</summary>
internal static class HoconUnits
{
    /// <summary>Ticks of 100 ns per unit; a number without a unit means milliseconds.</summary>
    private static readonly FrozenDictionary<string, decimal> TicksPerUnit = Table(
        (0.01m, "ns nano nanos nanosecond nanoseconds"),
        (TimeSpan.TicksPerMicrosecond, "us micro micros microsecond microseconds"),
        (TimeSpan.TicksPerMillisecond, " ms milli millis millisecond milliseconds"),
        (TimeSpan.TicksPerSecond, "s second seconds"),
        (TimeSpan.TicksPerMinute, "m minute minutes"),
        (TimeSpan.TicksPerHour, "h hour hours"),
        (TimeSpan.TicksPerDay, "d day days"));

    /// <summary>Bytes per unit: single letters and *iB are powers of 1024, *B are powers of 1000.</summary>
    private static readonly FrozenDictionary<string, decimal> BytesPerUnit = Table(
        (1m, " B b byte bytes"),
        (1000m, "kB kilobyte kilobytes"),
        (1024m, "K k Ki KiB kibibyte kibibytes"),
        (1000_000m, "MB megabyte megabytes"),
        (1024m * 1024, "M m Mi MiB mebibyte mebibytes"),
        (1000_000_000m, "GB gigabyte gigabytes"),
        (1024m * 1024 * 1024, "G g Gi GiB gibibyte gibibytes"),
        (1000_000_000_000m, "TB terabyte terabytes"),
        (1024m * 1024 * 1024 * 1024, "T t Ti TiB tebibyte tebibytes"),
        (1000_000_000_000_000m, "PB petabyte petabytes"),
        (1024m * 1024 * 1024 * 1024 * 1024, "P p Pi PiB pebibyte pebibytes"));

    internal static bool TryGetTimeSpanOrInfinite(HoconValue value, out TimeSpan result)
    {
        result = Timeout.InfiniteTimeSpan;
        return value.Content is "infinite" || TryGetTimeSpan(value, out result);
    }

    internal static bool TryGetTimeSpan(HoconValue value, out TimeSpan result)
    {
        var known = TryGetScaled(value, TicksPerUnit, out var ticks);
        result = new TimeSpan(ticks);
        return known;
    }

    internal static bool TryGetByteSize(HoconValue value, out long result) => TryGetScaled(value, BytesPerUnit, out result);

    private static bool TryGetScaled(HoconValue value, FrozenDictionary<string, decimal> units, out long result)
    {
        result = 0;
        if (value.Content is not string text)
        {
            return false;
        }

        text = text.Trim();
        var digits = 0;
        while (digits < text.Length && (char.IsAsciiDigit(text[digits]) || text[digits] == '.'))
        {
            digits++;
        }

        if (!units.TryGetValue(text[digits..].TrimStart(), out var factor)
            || !decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || number > long.MaxValue / factor)
        {
            return false;
        }

        result = (long)(number * factor);
        return true;
    }

    private static FrozenDictionary<string, decimal> Table(params ReadOnlySpan<(decimal Factor, string Names)> units)
    {
        var table = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var (factor, names) in units)
        {
            foreach (var name in names.Split(' '))
            {
                table.Add(name, factor);
            }
        }

        return table.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
