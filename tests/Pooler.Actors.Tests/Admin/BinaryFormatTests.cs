using System.Globalization;
using Pooler.Actors.Admin;
using Pooler.Actors.Admin.Query;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Admin;

public sealed class BinaryFormatTests
{
    [Theory]
    [InlineData("0", "0000 0000 0000 0000")]
    [InlineData("1", "0001 0000 0000 0000 0001")]
    [InlineData("-12345", "0002 0001 4000 0000 0001 0929")]
    [InlineData("10000", "0001 0001 0000 0000 0001")]
    [InlineData("2.5", "0002 0000 0000 0001 0002 1388")]
    [InlineData("0.0001", "0001 ffff 0000 0004 0001")]
    [InlineData("26.6666666666666667", "0005 0000 0000 0010 001a 1a0a 1a0a 1a0a 1a0b")]
    [InlineData("0.00", "0000 0000 0000 0002")]
    public void A_numeric_has_groups_of_four_digits(string text, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal([0, 0, 0, (byte)bytes.Length, .. bytes], Write(text, PostgresTypes.Numeric));
        Assert.True(BinaryFormat.TryRead(bytes, PostgresTypes.Numeric, out QueryValue value));
        Assert.Equal(decimal.Parse(text, CultureInfo.InvariantCulture), value.Number);
    }

    [Theory]
    [InlineData(PostgresTypes.Int2, "-2", "fffe")]
    [InlineData(PostgresTypes.Int4, "258", "00000102")]
    [InlineData(PostgresTypes.Int8, "-1", "ffffffffffffffff")]
    [InlineData(PostgresTypes.Oid, "4294967295", "ffffffff")]
    [InlineData(PostgresTypes.Text, "ab", "6162")]
    [InlineData(PostgresTypes.VarChar, "ab", "6162")]
    [InlineData(PostgresTypes.Float8, "1.5", "3ff8000000000000")]
    [InlineData(PostgresTypes.Float4, "1.5", "3fc00000")]
    public void Values_are_written_and_read(int type, string text, string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        Assert.Equal([0, 0, 0, (byte)bytes.Length, .. bytes], Write(text, type));
        Assert.True(BinaryFormat.TryRead(bytes, type, out QueryValue value));
        Assert.Equal(text, value.IsNumber ? value.Number.ToString(CultureInfo.InvariantCulture) : value.Text);
    }

    [Fact]
    public void Other_values_are_only_written()
    {
        Assert.Equal([0, 0, 0, 1, 1], Write("t", PostgresTypes.Bool));
        Assert.Equal([0, 0, 0, 2, 0xab, 0xcd], Write("\\xabcd", PostgresTypes.Bytea));
        Assert.Equal([0xff, 0xff, 0xff, 0xff], Write(null, PostgresTypes.Int4));
    }

    [Theory]
    [InlineData(PostgresTypes.Int4, "0001")]
    [InlineData(PostgresTypes.Int8, "")]
    [InlineData(PostgresTypes.Bool, "01")]
    [InlineData(PostgresTypes.Float8, "7ff8000000000000")]
    [InlineData(PostgresTypes.Numeric, "0001 0000 c000 0000 0001")]
    [InlineData(PostgresTypes.Numeric, "0002 0000 0000 0000 0001")]
    [InlineData(PostgresTypes.Numeric, "0001 0000 0000 0000 2710")]
    [InlineData(PostgresTypes.Numeric, "0001 7fff 0000 0000 0001")]
    [InlineData(PostgresTypes.Numeric, "ffff 0000 0000 0000")]
    [InlineData(PostgresTypes.Numeric, "0001 0014 0000 0000 0001")]
    public void What_is_no_value_is_not_read(int type, string hex) =>
        Assert.False(BinaryFormat.TryRead(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), type, out _));

    private static byte[] Write(string? text, int type)
    {
        using var writer = new MessageWriter();
        BinaryFormat.Append(writer, text, type);
        return writer.Written.ToArray();
    }
}
