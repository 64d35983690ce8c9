using System.Buffers.Binary;
using System.Globalization;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>PostgreSQL's binary format of the types that the console's results and parameters have.</summary>
internal static class BinaryFormat
{
    private const int Base = 10000;
    private const int DigitsPerGroup = 4;
    private const ushort Negative = 0x4000;

    // More digits than any number has that the console can compute with.
    private const int MaxGroups = 64;

    /// <summary>Appends one value of a row, given as text; null is NULL.</summary>
    public static void Append(MessageWriter writer, string? value, int typeOid)
    {
        if (value is null)
        {
            writer.AppendValue((string?)null);
            return;
        }

        Span<byte> buffer = stackalloc byte[8];
        switch (typeOid)
        {
            case PostgresTypes.Int2:
                BinaryPrimitives.WriteInt16BigEndian(buffer, short.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer[..2]);
                break;
            case PostgresTypes.Int4:
                BinaryPrimitives.WriteInt32BigEndian(buffer, int.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer[..4]);
                break;
            case PostgresTypes.Oid:
                BinaryPrimitives.WriteUInt32BigEndian(buffer, uint.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer[..4]);
                break;
            case PostgresTypes.Int8:
                BinaryPrimitives.WriteInt64BigEndian(buffer, long.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer);
                break;
            case PostgresTypes.Float4:
                BinaryPrimitives.WriteSingleBigEndian(buffer, float.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer[..4]);
                break;
            case PostgresTypes.Float8:
                BinaryPrimitives.WriteDoubleBigEndian(buffer, double.Parse(value, CultureInfo.InvariantCulture));
                writer.AppendValue(buffer);
                break;
            case PostgresTypes.Bool:
                buffer[0] = value == "t" ? (byte)1 : (byte)0;
                writer.AppendValue(buffer[..1]);
                break;
            case PostgresTypes.Numeric:
                AppendNumeric(writer, value);
                break;
            case PostgresTypes.Bytea when value.StartsWith("\\x", StringComparison.Ordinal):
                writer.AppendValue(Convert.FromHexString(value.AsSpan(2)));
                break;
            default:
                // Texts have one form.
                writer.AppendValue(value);
                break;
        }
    }

    /// <summary>Reads a parameter of this type; false when the bytes are none, or when values of the type cannot be read.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int typeOid, out QueryValue value)
    {
        value = default;
        switch (typeOid)
        {
            case PostgresTypes.Int2 when bytes.Length == 2:
                value = QueryValue.Of(BinaryPrimitives.ReadInt16BigEndian(bytes));
                return true;
            case PostgresTypes.Int4 when bytes.Length == 4:
                value = QueryValue.Of(BinaryPrimitives.ReadInt32BigEndian(bytes));
                return true;
            case PostgresTypes.Oid when bytes.Length == 4:
                value = QueryValue.Of(BinaryPrimitives.ReadUInt32BigEndian(bytes));
                return true;
            case PostgresTypes.Int8 when bytes.Length == 8:
                value = QueryValue.Of(BinaryPrimitives.ReadInt64BigEndian(bytes));
                return true;
            case PostgresTypes.Float4 when bytes.Length == 4:
                return TryReadFloat(BinaryPrimitives.ReadSingleBigEndian(bytes), out value);
            case PostgresTypes.Float8 when bytes.Length == 8:
                return TryReadFloat(BinaryPrimitives.ReadDoubleBigEndian(bytes), out value);
            case PostgresTypes.Numeric:
                return TryReadNumeric(bytes, out value);
            default:
                if (!QueryTypes.IsText(typeOid))
                    return false;

                value = QueryValue.Of(WireText.Decode(bytes));
                return true;
        }
    }

    // The digits in groups of four on both sides of the point, which are digits of base 10000.
    private static void AppendNumeric(MessageWriter writer, string text)
    {
        ReadOnlySpan<char> digits = text.AsSpan().TrimStart('-');
        int point = digits.IndexOf('.');
        ReadOnlySpan<char> whole = point < 0 ? digits : digits[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : digits[(point + 1)..];

        List<short> groups = [];
        int wholeGroups = (whole.Length + DigitsPerGroup - 1) / DigitsPerGroup;
        for (int i = 0; i < wholeGroups; i++)
        {
            int end = whole.Length - ((wholeGroups - 1 - i) * DigitsPerGroup);
            groups.Add(short.Parse(whole[Math.Max(0, end - DigitsPerGroup)..end], CultureInfo.InvariantCulture));
        }

        for (int i = 0; i < fraction.Length; i += DigitsPerGroup)
        {
            string group = fraction[i..Math.Min(fraction.Length, i + DigitsPerGroup)].ToString().PadRight(DigitsPerGroup, '0');
            groups.Add(short.Parse(group, CultureInfo.InvariantCulture));
        }

        int weight = wholeGroups - 1;
        int first = groups.FindIndex(group => group != 0);
        int last = groups.FindLastIndex(group => group != 0);
        if (first < 0)
            (weight, groups) = (0, []);
        else
            (weight, groups) = (weight - first, groups[first..(last + 1)]);

        writer.AppendInt32(8 + (groups.Count * sizeof(short)));
        writer.AppendInt16((short)groups.Count);
        writer.AppendInt16((short)weight);
        writer.AppendInt16(text.StartsWith('-') && groups.Count > 0 ? (short)Negative : (short)0);
        writer.AppendInt16((short)fraction.Length);
        foreach (short group in groups)
            writer.AppendInt16(group);
    }

    private static bool TryReadNumeric(ReadOnlySpan<byte> bytes, out QueryValue value)
    {
        value = default;
        var reader = new MessageReader(bytes);
        if (!reader.TryReadInt16(out short count) || !reader.TryReadInt16(out short weight) || !reader.TryReadInt16(out short sign)
            || !reader.TryReadInt16(out _) || count is < 0 or > MaxGroups || (ushort)sign is not (0 or Negative) || Math.Abs((int)weight) > MaxGroups)
        {
            return false;
        }

        var digits = new System.Text.StringBuilder();
        digits.Append((ushort)sign == Negative ? "-0" : "0");
        for (int i = Math.Min(0, weight + 1); i <= Math.Max(weight, count - 1); i++)
        {
            short group = 0;
            if (i >= 0 && i < count && (!reader.TryReadInt16(out group) || group is < 0 or >= Base))
                return false;
            if (i == weight + 1)
                digits.Append('.');
            digits.Append(CultureInfo.InvariantCulture, $"{group:0000}");
        }

        if (!reader.AtEnd || !QueryValue.TryNumber(digits.ToString(), out decimal number))
            return false;

        value = QueryValue.Of(number);
        return true;
    }

    private static bool TryReadFloat(double number, out QueryValue value)
    {
        bool fits = Math.Abs(number) < 1e28;
        value = fits ? QueryValue.Of((decimal)number) : default;
        return fits;
    }
}
