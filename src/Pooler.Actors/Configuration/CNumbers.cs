using System.Globalization;

namespace Pooler.Actors.Configuration;

/// <summary>Numbers as C programs read and print them, which is what the configuration's grammar is defined by. Pure.</summary>
internal static class CNumbers
{
    /// <summary>The longest duration; longer ones count as this, so that adding one to a clock cannot overflow.</summary>
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(36500);

    /// <summary>Reads a whole text as an integer literal: decimal, 0x and hexadecimal, or 0 and octal digits; the nearest value if it does not fit.</summary>
    public static bool TryParseLiteral(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        text = text.TrimStart();
        bool negative = TakeSign(ref text);
        int numberBase = 10;
        if (text.Length > 2 && text[0] == '0' && (text[1] | 0x20) == 'x')
        {
            numberBase = 16;
            text = text[2..];
        }
        else if (text.Length > 1 && text[0] == '0')
        {
            numberBase = 8;
            text = text[1..];
        }

        if (text.IsEmpty)
            return false;

        long number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiHexDigit(c))
                return false;

            int digit = char.IsAsciiDigit(c) ? c - '0' : (c | 0x20) - 'a' + 10;
            if (digit >= numberBase)
                return false;

            number = Math.Min(number * numberBase + digit, 1L << 32);
        }

        value = ToInt(negative ? -number : number);
        return true;
    }

    /// <summary>Reads the number at the start of a text and ignores the rest; 0 if there is none.</summary>
    public static int ParseLeading(ReadOnlySpan<char> text)
    {
        text = text.TrimStart();
        bool negative = TakeSign(ref text);
        long number = 0;
        foreach (char c in text)
        {
            if (!char.IsAsciiDigit(c))
                break;

            number = Math.Min(number * 10 + (c - '0'), 1L << 32);
        }

        return ToInt(negative ? -number : number);
    }

    /// <summary>Reads a whole text as a number of seconds, 0 or more, with fraction and exponent if wanted.</summary>
    public static bool TryParseSeconds(string text, out TimeSpan value)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        value = default;
        if (!double.TryParse(text, Style, CultureInfo.InvariantCulture, out double seconds))
        {
            if (!text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || !TryParseLiteral(text, out int literal))
                return false;

            seconds = literal;
        }

        if (!(seconds >= 0))
            return false;

        value = seconds >= MaxDuration.TotalSeconds ? MaxDuration : TimeSpan.FromSeconds(seconds);
        return true;
    }

    /// <summary>Prints a number as C's "%g" does: six significant digits, no trailing zeros, an exponent where that is shorter.</summary>
    public static string FormatGeneral(double value)
    {
        if (value == 0)
            return "0";

        string scientific = value.ToString("e5", CultureInfo.InvariantCulture);
        int e = scientific.IndexOf('e', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 6)
            return WithoutTrailingZeros(value.ToString("F" + (5 - exponent), CultureInfo.InvariantCulture));

        string sign = exponent < 0 ? "-" : "+";
        return WithoutTrailingZeros(scientific[..e]) + "e" + sign + Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture);
    }

    private static string WithoutTrailingZeros(string number) =>
        number.Contains('.', StringComparison.Ordinal) ? number.TrimEnd('0').TrimEnd('.') : number;

    private static bool TakeSign(ref ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] is not ('-' or '+'))
            return false;

        bool negative = text[0] == '-';
        text = text[1..];
        return negative;
    }

    private static int ToInt(long number) => (int)Math.Clamp(number, int.MinValue, int.MaxValue);
}
