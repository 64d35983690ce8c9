using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Akka.Configuration.Hocon;

/// <summary>Text to switches, numbers and lists. Units are in <see cref="HoconUnits"/>.</summary>
internal static class HoconConversions
{
    internal const string BooleanKind = "one of on, off, true, false, yes, no";
    internal const string IntegerKind = "a whole number in range";
    internal const string NumberKind = "a number";
    internal const string SizeKind = "a size such as 128k or 1 MiB";
    internal const string DurationKind = "a duration such as 500ms, 1 minute or infinite";
    internal const string FiniteDurationKind = "a finite duration such as 500ms or 1 minute";

    internal static bool TryGetBoolean(HoconValue value, out bool result)
    {
        result = value.Content is "on" or "true" or "yes";
        return result || value.Content is "off" or "false" or "no";
    }

    internal static bool TryGetNumber<T>(HoconValue value, [MaybeNullWhen(false)] out T result)
        where T : INumber<T>
    {
        result = default;
        return value.Content is string text && T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out result);
    }

    internal static bool TryGetString(HoconValue value, [MaybeNullWhen(false)] out string result)
    {
        result = value.Content as string;
        return result is not null;
    }

    internal static bool TryGetArray(HoconValue value, [MaybeNullWhen(false)] out HoconValue[] result)
    {
        result = value.Content as HoconValue[];
        return result is not null;
    }

    internal static bool TryGetStringList(HoconValue value, [MaybeNullWhen(false)] out IList<string> result) =>
        TryGetList(value, TryGetString, out result);

    internal static bool TryGetList<T>(HoconValue value, HoconConversion<T> conversion, [MaybeNullWhen(false)] out IList<T> result)
    {
        result = null;
        if (value.Content is not HoconValue[] items)
        {
            return false;
        }

        var list = new List<T>(items.Length);
        foreach (var item in items)
        {
            if (!conversion(item, out var element))
            {
                return false;
            }

            list.Add(element);
        }

        result = list;
        return true;
    }
}
