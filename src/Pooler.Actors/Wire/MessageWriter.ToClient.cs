namespace Pooler.Actors.Wire;

/// <content>Messages to clients.</content>
public sealed partial class MessageWriter
{
    public void WriteAuthenticationOk() => WriteAuthentication(AuthenticationCode.Ok, default);

    public void WriteAuthenticationCleartextPassword() => WriteAuthentication(AuthenticationCode.CleartextPassword, default);

    /// <summary>Asks for an MD5 password over these four bytes of salt.</summary>
    public void WriteAuthenticationMD5Password(ReadOnlySpan<byte> salt)
    {
        if (salt.Length != 4)
        {
            throw new ArgumentException("The salt has four bytes.", nameof(salt));
        }

        WriteAuthentication(AuthenticationCode.MD5Password, salt);
    }

    /// <summary>Offers SASL mechanisms, the preferred one first.</summary>
    public void WriteAuthenticationSASL(params ReadOnlySpan<string> mechanisms)
    {
        BeginMessage(BackendMessage.Authentication);
        AppendInt32(AuthenticationCode.Sasl);
        foreach (var mechanism in mechanisms)
        {
            AppendCString(mechanism);
        }

        AppendByte(0);
        EndMessage();
    }

    public void WriteAuthenticationSASLContinue(ReadOnlySpan<byte> data) => WriteAuthentication(AuthenticationCode.SaslContinue, data);

    public void WriteAuthenticationSASLFinal(ReadOnlySpan<byte> data) => WriteAuthentication(AuthenticationCode.SaslFinal, data);

    public void WriteParameterStatus(string name, string value)
    {
        BeginMessage(BackendMessage.ParameterStatus);
        AppendCString(name);
        AppendCString(value);
        EndMessage();
    }

    /// <summary>The key by which the client cancels; <paramref name="tail"/>: the rest of a key of protocol 3.2.</summary>
    public void WriteBackendKeyData(CancelKey key, ReadOnlySpan<byte> tail = default)
    {
        BeginMessage(BackendMessage.BackendKeyData);
        AppendKey(key);
        AppendBytes(tail);
        EndMessage();
    }

    /// <summary>Says that the next command may come; <paramref name="status"/> is a byte of <see cref="TransactionStatus"/>.</summary>
    public void WriteReadyForQuery(byte status)
    {
        BeginMessage(BackendMessage.ReadyForQuery);
        AppendByte(status);
        EndMessage();
    }

    /// <summary>An error with the fields S, C, M and, where given, D; <paramref name="severity"/> is a word of <see cref="Severities"/>.</summary>
    public void WriteErrorResponse(string severity, string sqlState, string message, string? detail = null) =>
        WriteResponse(BackendMessage.ErrorResponse, severity, sqlState, message, detail);

    /// <summary>The error of a server whose plan gives another result than before, with the fields by which drivers know it.</summary>
    public void WriteChangedPlan()
    {
        BeginMessage(BackendMessage.ErrorResponse);
        AppendByte((byte)'S');
        AppendCString(Severities.Error);
        AppendByte((byte)'V');
        AppendCString(Severities.Error);
        AppendByte((byte)'C');
        AppendCString(SqlStates.FeatureNotSupported);
        AppendByte((byte)'M');
        AppendCString(PoolerErrors.ChangedPlan);
        AppendByte((byte)'R');
        AppendCString("RevalidateCachedQuery");
        AppendByte(0);
        EndMessage();
    }

    /// <summary>The form of nearly all errors that end a client's connection.</summary>
    public void WriteFatal(string message, string sqlState = SqlStates.ProtocolViolation) =>
        WriteErrorResponse(Severities.Fatal, sqlState, message);

    /// <summary>A notice with severity NOTICE.</summary>
    public void WriteNoticeResponse(string message, string? detail = null, string sqlState = SqlStates.SuccessfulCompletion) =>
        WriteResponse(BackendMessage.NoticeResponse, Severities.Notice, sqlState, message, detail);

    /// <summary>Tells a client which version of protocol 3 is spoken, a value of <see cref="ProtocolCode"/>, and which of its <c>_pq_.</c> options are not known, in its order.</summary>
    public void WriteNegotiateProtocolVersion(int version, IReadOnlyList<string> unsupportedOptions)
    {
        BeginMessage(BackendMessage.NegotiateProtocolVersion);
        AppendInt32(version);
        AppendInt32(unsupportedOptions.Count);
        foreach (var option in unsupportedOptions)
        {
            AppendCString(option);
        }

        EndMessage();
    }

    /// <summary>
    /// Columns of a result that belongs to no table. <paramref name="formats"/> has none for text, one for all columns, or one for each.
    /// </summary>
    public void WriteRowDescription(ReadOnlySpan<ColumnDescription> columns, ReadOnlySpan<short> formats = default)
    {
        BeginMessage(BackendMessage.RowDescription);
        AppendInt16(checked((short)columns.Length));
        for (var i = 0; i < columns.Length; i++)
        {
            AppendCString(columns[i].Name);
            AppendInt32(0);
            AppendInt16(0);
            AppendInt32(columns[i].TypeOid);
            AppendInt16(PostgresTypes.Length(columns[i].TypeOid));
            AppendInt32(-1);
            AppendInt16(formats.IsEmpty ? (short)0 : formats[formats.Length == 1 ? 0 : i]);
        }

        EndMessage();
    }

    /// <summary>A row of text values; null is NULL.</summary>
    public void WriteDataRow(ReadOnlySpan<string?> values)
    {
        BeginDataRow(values.Length);
        foreach (var value in values)
        {
            AppendValue(value);
        }

        EndMessage();
    }

    /// <summary>Starts a row: exactly <paramref name="columns"/> values follow, then <see cref="EndMessage"/>.</summary>
    public void BeginDataRow(int columns)
    {
        BeginMessage(BackendMessage.DataRow);
        AppendInt16(checked((short)columns));
    }

    /// <summary>Appends one value of a row, null as NULL.</summary>
    public void AppendValue(string? value)
    {
        if (value is null)
        {
            AppendInt32(-1);
            return;
        }

        AppendInt32(WireText.ByteCount(value));
        AppendText(value);
    }

    /// <summary>Appends one value of a row that is not NULL.</summary>
    public void AppendValue(ReadOnlySpan<byte> value)
    {
        AppendInt32(value.Length);
        AppendBytes(value);
    }

    public void WriteCommandComplete(string tag)
    {
        BeginMessage(BackendMessage.CommandComplete);
        AppendCString(tag);
        EndMessage();
    }

    public void WriteEmptyQueryResponse() => WriteEmpty(BackendMessage.EmptyQueryResponse);

    public void WriteParseComplete() => WriteEmpty(BackendMessage.ParseComplete);

    public void WriteBindComplete() => WriteEmpty(BackendMessage.BindComplete);

    public void WriteCloseComplete() => WriteEmpty(BackendMessage.CloseComplete);

    public void WriteNoData() => WriteEmpty(BackendMessage.NoData);

    public void WritePortalSuspended() => WriteEmpty(BackendMessage.PortalSuspended);

    public void WriteParameterDescription(params ReadOnlySpan<int> typeOids)
    {
        BeginMessage(BackendMessage.ParameterDescription);
        AppendInt16(checked((short)typeOids.Length));
        foreach (var oid in typeOids)
        {
            AppendInt32(oid);
        }

        EndMessage();
    }

    private void WriteAuthentication(int code, ReadOnlySpan<byte> data)
    {
        BeginMessage(BackendMessage.Authentication);
        AppendInt32(code);
        AppendBytes(data);
        EndMessage();
    }

    private void WriteResponse(byte type, string severity, string sqlState, string message, string? detail)
    {
        BeginMessage(type);
        AppendByte((byte)'S');
        AppendCString(severity);
        AppendByte((byte)'C');
        AppendCString(sqlState);
        AppendByte((byte)'M');
        AppendCString(message);
        if (detail is not null)
        {
            AppendByte((byte)'D');
            AppendCString(detail);
        }

        AppendByte(0);
        EndMessage();
    }

    private void WriteEmpty(byte type)
    {
        BeginMessage(type);
        EndMessage();
    }

    private void AppendKey(CancelKey key)
    {
        key.CopyTo(Reserve(CancelKey.Size));
        _length += CancelKey.Size;
    }
}
