using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Wire;

public sealed class MessageWriterTests
{
    private static readonly CancelKey Key = new([0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08]);

    public static TheoryData<string, Action<MessageWriter>, string> Messages => new()
    {
        { "AuthenticationOk", w => w.WriteAuthenticationOk(), "R 00000008 00000000" },
        { "Cleartext", w => w.WriteAuthenticationCleartextPassword(), "R 00000008 00000003" },
        { "MD5", w => w.WriteAuthenticationMD5Password([1, 2, 3, 4]), "R 0000000C 00000005 01020304" },
        { "SASL", w => w.WriteAuthenticationSASL("A", "B"), "R 0000000D 0000000A 4100420000" },
        { "SASLContinue", w => w.WriteAuthenticationSASLContinue("x"u8), "R 00000009 0000000B 78" },
        { "SASLFinal", w => w.WriteAuthenticationSASLFinal("x"u8), "R 00000009 0000000C 78" },
        { "ParameterStatus", w => w.WriteParameterStatus("a", "é"), "S 00000009 6100 C3A900" },
        { "BackendKeyData", w => w.WriteBackendKeyData(Key), "K 0000000C 0102030405060708" },
        { "ReadyForQuery", w => w.WriteReadyForQuery(TransactionStatus.Idle), "Z 00000005 49" },
        { "ErrorResponse", w => w.WriteErrorResponse("ERROR", "08P01", "m"), "E 00000016 53 4552524F5200 43 303850303100 4D 6D00 00" },
        { "Fatal", w => w.WriteFatal("m", "57P03"), "E 00000016 53 464154414C00 43 353750303300 4D 6D00 00" },
        { "NoticeResponse", w => w.WriteNoticeResponse("m", "d"), "N 0000001A 53 4E4F5449434500 43 303030303000 4D 6D00 44 6400 00" },
        { "BackendKeyDataLong", w => w.WriteBackendKeyData(Key, [0x09, 0x0A]), "K 0000000E 0102030405060708 090A" },
        { "NegotiateProtocolVersion", w => w.WriteNegotiateProtocolVersion(ProtocolCode.Version3, ["a", "b"]), "v 00000010 00030000 00000002 6100 6200" },
        {
            "RowDescription",
            w => w.WriteRowDescription(
                [new("a", PostgresTypes.Text), new("b", PostgresTypes.Int4), new("c", PostgresTypes.Int8), new("d", PostgresTypes.Numeric)]),
            "T 00000056 0004 "
                + "6100 00000000 0000 00000019 FFFF FFFFFFFF 0000 "
                + "6200 00000000 0000 00000017 0004 FFFFFFFF 0000 "
                + "6300 00000000 0000 00000014 0008 FFFFFFFF 0000 "
                + "6400 00000000 0000 000006A4 FFFF FFFFFFFF 0000"
        },
        { "DataRow", w => w.WriteDataRow(["a", null, ""]), "D 00000013 0003 00000001 61 FFFFFFFF 00000000" },
        { "CommandComplete", w => w.WriteCommandComplete("SHOW"), "C 00000009 53484F5700" },
        { "EmptyQueryResponse", w => w.WriteEmptyQueryResponse(), "I 00000004" },
        { "ParseComplete", w => w.WriteParseComplete(), "1 00000004" },
        { "BindComplete", w => w.WriteBindComplete(), "2 00000004" },
        { "CloseComplete", w => w.WriteCloseComplete(), "3 00000004" },
        { "NoData", w => w.WriteNoData(), "n 00000004" },
        { "PortalSuspended", w => w.WritePortalSuspended(), "s 00000004" },
        { "ParameterDescription", w => w.WriteParameterDescription(25, 23), "t 0000000E 0002 00000019 00000017" },
        {
            "Startup",
            w => w.WriteStartupMessage([new("database", "d"), new("user", "u")]),
            "0000001B 00030000 646174616261736500 6400 7573657200 7500 00"
        },
        { "SSLRequest", w => w.WriteSSLRequest(), "00000008 04D2162F" },
        { "CancelRequest", w => w.WriteCancelRequest(Key), "00000010 04D2162E 0102030405060708" },
        { "Query", w => w.WriteQuery("Q"), "Q 00000006 5100" },
        { "Password", w => w.WritePasswordMessage("p"u8), "p 00000006 7000" },
        { "SASLInitialResponse", w => w.WriteSASLInitialResponse("S", "xy"u8), "p 0000000C 5300 00000002 7879" },
        { "SASLResponse", w => w.WriteSASLResponse("xy"u8), "p 00000006 7879" },
        { "Terminate", w => w.WriteTerminate(), "X 00000004" },
        { "Sync", w => w.WriteSync(), "S 00000004" },
        { "Flush", w => w.WriteFlush(), "H 00000004" },
        { "Parse", w => w.WriteParse("", "q", 25), "P 0000000D 00 7100 0001 00000019" },
        { "Bind", w => w.WriteBind("", "s", "v", null), "B 00000016 00 7300 0000 0002 00000001 76 FFFFFFFF 0000" },
        { "DescribePortal", w => w.WriteDescribePortal(""), "D 00000006 50 00" },
        { "DescribeStatement", w => w.WriteDescribeStatement("s"), "D 00000007 53 7300" },
        { "CloseStatement", w => w.WriteCloseStatement("s"), "C 00000007 53 7300" },
        { "Execute", w => w.WriteExecute(""), "E 00000009 00 00000000" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Each_message_has_its_bytes(string name, Action<MessageWriter> write, string expected)
    {
        using var writer = new MessageWriter();
        write(writer);

        Assert.True(Bytes(expected).AsSpan().SequenceEqual(writer.Written), $"{name}: {Convert.ToHexString(writer.Written)}");
    }

    [Fact]
    public void Messages_stand_one_behind_the_other_and_the_buffer_grows()
    {
        using var writer = new MessageWriter(16);
        var large = new string('x', 100_000);
        writer.WriteQuery(large);
        writer.WriteSync();

        Assert.Equal(FrameStatus.Ok, FrameHeader.TryRead(writer.Written, int.MaxValue, out var header));
        Assert.Equal(100_006, header.Length);
        Assert.Equal(Bytes("S 00000004"), writer.Written[header.Length..].ToArray());
        writer.Reset();
        Assert.Equal(0, writer.Length);
        writer.WriteSync();
        writer.Release();
        Assert.True(writer.Written.IsEmpty);
        writer.WriteSync();
        Assert.Equal(Bytes("S 00000004"), writer.Written.ToArray());
    }

    [Fact]
    public void A_C_string_with_a_NUL_is_refused()
    {
        using var writer = new MessageWriter();

        Assert.Throws<ArgumentException>(() => writer.WriteQuery("a\0b"));
        writer.Reset();
        Assert.Throws<ArgumentException>(() => writer.WritePasswordMessage([1, 0, 2]));
    }

    [Fact]
    public void Writing_into_a_warm_buffer_allocates_nothing()
    {
        using var writer = new MessageWriter();
        WriteSome(writer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            WriteSome(writer);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static void WriteSome(MessageWriter writer)
    {
        writer.Reset();
        writer.WriteParameterStatus("TimeZone", "UTC");
        writer.WriteErrorResponse(Severities.Fatal, SqlStates.ProtocolViolation, PoolerErrors.QueryTimeout);
        writer.WriteReadyForQuery(TransactionStatus.Idle);
    }

    private static byte[] Bytes(string text)
    {
        var parts = text.Split(' ');
        return parts[0].Length == 1
            ? [(byte)parts[0][0], .. Convert.FromHexString(string.Concat(parts[1..]))]
            : Convert.FromHexString(string.Concat(parts));
    }
}
