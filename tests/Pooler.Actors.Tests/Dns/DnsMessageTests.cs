using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Dns;

namespace Pooler.Actors.Tests.Dns;

public sealed class DnsMessageTests
{
    private static readonly byte[] Query = DnsMessage.WriteQuery(0x1234, "db.example", DnsRecordType.A)!;

    [Fact]
    public void AQuestionHasTheFormOfTheStandard() => Assert.Equal(
        "1234 0100 0001 0000 0000 0000 02 6462 07 6578616D706C65 00 0001 0001".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(Query));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData(".a")]
    [InlineData("b\u00fccher")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890abcd.example")]
    public void NoServerIsAskedForWhatIsNoName(string name) => Assert.Null(DnsMessage.WriteQuery(1, name, DnsRecordType.A));

    [Fact]
    public void AddressesAreFoundBehindAliasesOnly()
    {
        // db.example is an alias of x.example, which is one of y.example; z.example is somebody else.
        var response = Read(Record("DB.example", DnsRecordType.CName, Name("x.example")), Record("x.example", DnsRecordType.CName, Name("y.example")),
            Record("y.example", DnsRecordType.A, [192, 0, 2, 1]), Record("z.example", DnsRecordType.A, [192, 0, 2, 9]),
            Record("y.example", DnsRecordType.A, [192, 0, 2, 2]), Record("y.example", DnsRecordType.A, [192, 0, 2]));
        Assert.Equal(["192.0.2.1", "192.0.2.2"], response!.Addresses.Select(address => address.ToString()));
    }

    [Fact]
    public void AliasesMayGoInACircle() =>
        Assert.Empty(Read(Record("db.example", DnsRecordType.CName, Name("x")), Record("x", DnsRecordType.CName, Name("db.example")))!.Addresses);

    [Fact]
    public void TheSerialIsBehindTwoNames()
    {
        var question = DnsMessage.WriteQuery(7, "example", DnsRecordType.Soa)!;
        byte[] numbers = [0xee, 0x6b, 0x28, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1];
        var message = Response(question, 0, Record("example", DnsRecordType.Soa, [.. Name("ns.example"), .. Name("root.example"), .. numbers]));
        Assert.True(DnsMessage.TryReadResponse(message, question, out var response));
        Assert.Equal(0xee6b2800, response.Serial);
    }

    [Fact]
    public void NamesMayPointBack()
    {
        var response = Read([0xc0, 12, .. Fixed(DnsRecordType.A, 4), 192, 0, 2, 1]);
        Assert.Equal("192.0.2.1", Assert.Single(response!.Addresses).ToString());
    }

    [Fact]
    public void APointerToItselfEnds()
    {
        var at = (byte)Query.Length;
        Assert.Empty(Read([0xc0, at, .. Fixed(DnsRecordType.A, 4), 192, 0, 2, 1])!.Addresses);
    }

    [Fact]
    public void CodeAndTruncationAreRead()
    {
        Assert.True(DnsMessage.TryReadResponse(Response(Query, 0x0203), Query, out var response));
        Assert.Equal((DnsResponse.NoSuchName, true), (response.Code, response.IsTruncated));
    }

    [Fact]
    public void WhatDoesNotAnswerTheQuestionIsNoAnswer()
    {
        Assert.False(DnsMessage.TryReadResponse(Query, Query, out _));
        var good = Response(Query, 0);
        Assert.True(DnsMessage.TryReadResponse(good, Query, out _));
        foreach (var at in new[] { 0, 1, 5, 13, Query.Length - 1 })
        {
            var bad = good.ToArray();
            bad[at] ^= 1;
            Assert.False(DnsMessage.TryReadResponse(bad, Query, out _));
        }
    }

    [Fact]
    public void HostileBytesNeverThrow()
    {
        var random = new Random(1);
        var good = Response(Query, 0, Record("db.example", DnsRecordType.CName, Name("x.example")), Record("x.example", DnsRecordType.A, [1, 2, 3, 4]));
        for (var round = 0; round < 20_000; round++)
        {
            var bytes = good[..random.Next(good.Length + 1)].ToArray();
            for (var i = random.Next(6); i > 0 && bytes.Length > Query.Length; i--)
            {
                bytes[random.Next(Query.Length, bytes.Length)] = (byte)random.Next(256);
            }

            DnsMessage.TryReadResponse(bytes, Query, out _);
        }
    }

    private static DnsResponse? Read(params byte[][] records) => DnsMessage.TryReadResponse(Response(Query, 0, records), Query, out var response) ? response : null;

    private static byte[] Response(byte[] query, ushort flags, params byte[][] records)
    {
        byte[] message = [.. query, .. records.SelectMany(record => record)];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(0x8180 | flags));
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), (ushort)records.Length);
        return message;
    }

    private static byte[] Record(string owner, DnsRecordType type, byte[] data) => [.. Name(owner), .. Fixed(type, data.Length), .. data];

    private static byte[] Fixed(DnsRecordType type, int length) => [0, (byte)type, 0, 1, 0, 0, 0, 60, 0, (byte)length];

    private static byte[] Name(string name) => [.. name.Split('.').SelectMany(label => Encoding.ASCII.GetBytes(label).Prepend((byte)label.Length)), 0];
}
