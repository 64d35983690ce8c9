using System.Buffers.Binary;

namespace Pooler.Actors.Wire;

/// <summary>
/// The first message of a connection, or one of the requests that may precede it. Reading needs no state: it is tried again from the start of
/// the buffer until the message is whole. Nothing is allocated before it is, and a startup message has a fixed limit, so that a peer that has
/// not logged in cannot make the pooler set memory aside.
/// </summary>
public sealed class StartupRequest
{
    /// <summary>The most bytes of a startup message (the limit that PostgreSQL has).</summary>
    public const int MaxLength = 10000;

    /// <summary>The most bytes of a regular message before the login is through: a password or a SASL message with its header.</summary>
    public const int MaxAuthenticationLength = 65535 + FrameHeader.Size;

    private const int HeaderSize = 8;

    private StartupRequest(StartupRequestKind kind, int code, byte[] body)
    {
        Kind = kind;
        Code = code;
        Body = body;
    }

    public StartupRequestKind Kind { get; }

    /// <summary>Protocol version or request code as received, see <see cref="ProtocolCode"/>.</summary>
    public int Code { get; }

    public int ProtocolMajor => Code >> 16;

    public int ProtocolMinor => Code & 0xFFFF;

    /// <summary>
    /// The bytes behind the code: for <see cref="StartupRequestKind.Startup"/> names and values as C-strings in the client's order with
    /// duplicates kept, for <see cref="StartupRequestKind.CancelRequest"/> the key, which may have a wrong length (<see cref="CancelKey.TryRead"/>).
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Reads the request at the start of the buffer.</summary>
    /// <param name="buffer">All bytes of the connection that have not been consumed.</param>
    /// <param name="request">The request when the result is <see cref="StartupStatus.Ok"/>.</param>
    /// <param name="consumed">Bytes of the buffer that the request took.</param>
    /// <param name="error">The text when the result is <see cref="StartupStatus.Bad"/> or <see cref="StartupStatus.BadSilent"/>.</param>
    public static StartupStatus TryRead(ReadOnlySpan<byte> buffer, out StartupRequest? request, out int consumed, out string? error)
    {
        request = null;
        consumed = 0;
        error = null;
        if (buffer.IsEmpty)
        {
            return StartupStatus.Incomplete;
        }

        if (buffer[0] != 0)
        {
            return RefuseRegular(buffer, out error);
        }

        if (buffer.Length < HeaderSize)
        {
            return StartupStatus.Incomplete;
        }

        var length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        var code = BinaryPrimitives.ReadInt32BigEndian(buffer[4..]);
        if (length is < HeaderSize or > MaxLength || !TryGetKind(code, out var kind) || (IsBare(kind) && length != HeaderSize))
        {
            error = PoolerErrors.BadPacketHeader(buffer);
            return StartupStatus.Bad;
        }

        if (buffer.Length < length)
        {
            return StartupStatus.Incomplete;
        }

        consumed = (int)length;
        request = new StartupRequest(kind, code, buffer[HeaderSize..consumed].ToArray());
        return StartupStatus.Ok;
    }

    private static StartupStatus RefuseRegular(ReadOnlySpan<byte> buffer, out string? error)
    {
        error = null;
        switch (FrameHeader.TryRead(buffer, MaxAuthenticationLength, out var header))
        {
            case FrameStatus.Incomplete:
                return StartupStatus.Incomplete;
            case FrameStatus.Ok when header.Type == FrontendMessage.Password:
                error = PoolerErrors.PasswordBeforeStartup;
                return StartupStatus.Bad;
            case FrameStatus.Ok:
                error = PoolerErrors.BadPacket;
                return StartupStatus.BadSilent;
            default:
                error = PoolerErrors.BadPacketHeader(buffer);
                return StartupStatus.Bad;
        }
    }

    private static bool TryGetKind(int code, out StartupRequestKind kind)
    {
        switch (code)
        {
            case ProtocolCode.SslRequest:
                kind = StartupRequestKind.SslRequest;
                return true;
            case ProtocolCode.GssEncRequest:
                kind = StartupRequestKind.GssEncRequest;
                return true;
            case ProtocolCode.CancelRequest:
                kind = StartupRequestKind.CancelRequest;
                return true;
            case ProtocolCode.Version2:
                kind = StartupRequestKind.StartupVersion2;
                return true;
            case >= ProtocolCode.Version3 and <= ProtocolCode.LastVersion3:
                kind = StartupRequestKind.Startup;
                return true;
            default:
                kind = default;
                return false;
        }
    }

    private static bool IsBare(StartupRequestKind kind) => kind is StartupRequestKind.SslRequest or StartupRequestKind.GssEncRequest;
}
