using System.Buffers.Binary;
using System.Text;

namespace Pooler.Testing.Protocol;

/// <summary>The bytes of the messages that a client sends (PostgreSQL protocol 3.0).</summary>
public static class FrontendMessages
{
    public const int Version30 = 196608;
    public const int SslRequestCode = 80877103;
    public const int GssEncRequestCode = 80877104;
    public const int CancelRequestCode = 80877102;

    public static byte[] Startup(params (string Name, string Value)[] parameters) => Startup(Version30, parameters);

    public static byte[] Startup(int version, params (string Name, string Value)[] parameters)
    {
        List<byte> body = [.. Int32(version)];
        foreach ((string name, string value) in parameters)
        {
            body.AddRange(Text(name));
            body.AddRange(Text(value));
        }

        body.Add(0);
        return StartupPacket(body.ToArray());
    }

    public static byte[] SslRequest() => StartupPacket(Int32(SslRequestCode));

    public static byte[] GssEncRequest() => StartupPacket(Int32(GssEncRequestCode));

    public static byte[] CancelRequest(ReadOnlySpan<byte> key) => StartupPacket([.. Int32(CancelRequestCode), .. key]);

    public static byte[] Query(string sql) => Message('Q', Text(sql));

    public static byte[] Parse(string name, string sql) => Message('P', [.. Text(name), .. Text(sql), 0, 0]);

    /// <summary>Bind with parameters in text format and all results in text format.</summary>
    public static byte[] Bind(string portal, string statement, params string[] values)
    {
        List<byte> body = [.. Text(portal), .. Text(statement), 0, 0, .. Int16((short)values.Length)];
        foreach (string value in values)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            body.AddRange(Int32(bytes.Length));
            body.AddRange(bytes);
        }

        body.AddRange(Int16(0));
        return Message('B', body.ToArray());
    }

    public static byte[] DescribeStatement(string name) => Message('D', [(byte)'S', .. Text(name)]);

    public static byte[] DescribePortal(string name) => Message('D', [(byte)'P', .. Text(name)]);

    public static byte[] Execute(string portal, int rows = 0) => Message('E', [.. Text(portal), .. Int32(rows)]);

    public static byte[] CloseStatement(string name) => Message('C', [(byte)'S', .. Text(name)]);

    public static byte[] Sync() => Message('S', []);

    public static byte[] Flush() => Message('H', []);

    public static byte[] CopyData(ReadOnlySpan<byte> data) => Message('d', data);

    public static byte[] CopyDone() => Message('c', []);

    public static byte[] CopyFail(string reason) => Message('f', Text(reason));

    public static byte[] Password(string password) => Message('p', Text(password));

    public static byte[] Terminate() => Message('X', []);

    public static byte[] Message(char type, ReadOnlySpan<byte> body)
    {
        byte[] message = new byte[body.Length + 5];
        message[0] = (byte)type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), body.Length + 4);
        body.CopyTo(message.AsSpan(5));
        return message;
    }

    /// <summary>A packet without a type byte: length, then <paramref name="body"/>.</summary>
    public static byte[] StartupPacket(ReadOnlySpan<byte> body) => [.. Int32(body.Length + 4), .. body];

    private static byte[] Text(string value) => [.. Encoding.UTF8.GetBytes(value), 0];

    private static byte[] Int16(short value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteInt16BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Int32(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }
}
