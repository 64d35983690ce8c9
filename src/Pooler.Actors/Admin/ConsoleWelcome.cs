using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin;

/// <summary>What a console client gets between AuthenticationOk and its first command.</summary>
public static class ConsoleWelcome
{
    /// <summary>Writes the console's parameters, those the client gave, the key, an optional notice and ReadyForQuery.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="clientParameters">Tracked parameters of the client's startup packet, in order; a name may repeat one of the console's.</param>
    /// <param name="key">The session's cancel key.</param>
    /// <param name="keyTail">The rest of a key of protocol 3.2; empty: none.</param>
    /// <param name="loginNotifyMessage">Setting login_notify_message; null or empty: none.</param>
    public static void Write(
        MessageWriter writer, IEnumerable<KeyValuePair<string, string>> clientParameters, CancelKey key, ReadOnlySpan<byte> keyTail, string? loginNotifyMessage)
    {
        writer.WriteParameterStatus("server_version", PoolerVersion.ServerVersion);
        writer.WriteParameterStatus("client_encoding", "UTF8");
        writer.WriteParameterStatus("server_encoding", "UTF8");
        writer.WriteParameterStatus("DateStyle", "ISO");
        writer.WriteParameterStatus("TimeZone", "GMT");
        writer.WriteParameterStatus("standard_conforming_strings", "on");
        writer.WriteParameterStatus("is_superuser", "on");
        foreach ((string name, string value) in clientParameters)
            writer.WriteParameterStatus(name, value);

        writer.WriteBackendKeyData(key, keyTail);
        if (!string.IsNullOrEmpty(loginNotifyMessage))
            writer.WriteNoticeResponse(loginNotifyMessage);

        writer.WriteReadyForQuery(TransactionStatus.Idle);
    }
}
