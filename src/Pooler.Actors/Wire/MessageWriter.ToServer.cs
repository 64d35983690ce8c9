namespace Pooler.Actors.Wire;

/// <content>Messages to servers.</content>
public sealed partial class MessageWriter
{
    /// <summary>StartupMessage of protocol 3.0 with the parameters in this order.</summary>
    public void WriteStartupMessage(params ReadOnlySpan<KeyValuePair<string, string>> parameters) => WriteStartupMessageOf(ProtocolCode.Version3, parameters);

    /// <summary>StartupMessage of this version, a value of <see cref="ProtocolCode"/>, with the parameters in this order.</summary>
    public void WriteStartupMessageOf(int version, ReadOnlySpan<KeyValuePair<string, string>> parameters)
    {
        BeginUntypedMessage();
        AppendInt32(version);
        foreach (var (name, value) in parameters)
        {
            AppendCString(name);
            AppendCString(value);
        }

        AppendByte(0);
        EndMessage();
    }

    public void WriteSSLRequest()
    {
        BeginUntypedMessage();
        AppendInt32(ProtocolCode.SslRequest);
        EndMessage();
    }

    /// <summary>CancelRequest with the key that the server sent, and its tail if it had one.</summary>
    public void WriteCancelRequest(CancelKey key, ReadOnlySpan<byte> tail = default)
    {
        BeginUntypedMessage();
        AppendInt32(ProtocolCode.CancelRequest);
        AppendKey(key);
        AppendBytes(tail);
        EndMessage();
    }

    public void WriteQuery(string text)
    {
        BeginMessage(FrontendMessage.Query);
        AppendCString(text);
        EndMessage();
    }

    /// <summary>PasswordMessage: a clear text password or an MD5 answer.</summary>
    public void WritePasswordMessage(ReadOnlySpan<byte> password)
    {
        BeginMessage(FrontendMessage.Password);
        AppendCString(password);
        EndMessage();
    }

    public void WriteSASLInitialResponse(string mechanism, ReadOnlySpan<byte> data)
    {
        BeginMessage(FrontendMessage.Password);
        AppendCString(mechanism);
        AppendInt32(data.Length);
        AppendBytes(data);
        EndMessage();
    }

    public void WriteSASLResponse(ReadOnlySpan<byte> data)
    {
        BeginMessage(FrontendMessage.Password);
        AppendBytes(data);
        EndMessage();
    }

    public void WriteTerminate() => WriteEmpty(FrontendMessage.Terminate);

    public void WriteSync() => WriteEmpty(FrontendMessage.Sync);

    public void WriteFlush() => WriteEmpty(FrontendMessage.Flush);

    /// <summary>Parse; the empty name is the unnamed statement.</summary>
    public void WriteParse(string statement, string query, params ReadOnlySpan<int> parameterTypeOids)
    {
        BeginMessage(FrontendMessage.Parse);
        AppendCString(statement);
        AppendCString(query);
        AppendInt16(checked((short)parameterTypeOids.Length));
        foreach (var oid in parameterTypeOids)
        {
            AppendInt32(oid);
        }

        EndMessage();
    }

    /// <summary>Bind with all parameters and all results in text format; null is NULL.</summary>
    public void WriteBind(string portal, string statement, params ReadOnlySpan<string?> values)
    {
        BeginMessage(FrontendMessage.Bind);
        AppendCString(portal);
        AppendCString(statement);
        AppendInt16(0);
        AppendInt16(checked((short)values.Length));
        foreach (var value in values)
        {
            AppendValue(value);
        }

        AppendInt16(0);
        EndMessage();
    }

    public void WriteDescribeStatement(string statement) => WriteTarget(FrontendMessage.Describe, (byte)'S', statement);

    public void WriteDescribePortal(string portal) => WriteTarget(FrontendMessage.Describe, (byte)'P', portal);

    public void WriteCloseStatement(string statement) => WriteTarget(FrontendMessage.Close, (byte)'S', statement);

    /// <summary>Execute; at most <paramref name="maxRows"/> rows, 0 for all.</summary>
    public void WriteExecute(string portal, int maxRows = 0)
    {
        BeginMessage(FrontendMessage.Execute);
        AppendCString(portal);
        AppendInt32(maxRows);
        EndMessage();
    }

    private void WriteTarget(byte type, byte kind, string name)
    {
        BeginMessage(type);
        AppendByte(kind);
        AppendCString(name);
        EndMessage();
    }
}
