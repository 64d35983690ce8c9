using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace Pooler.Testing.Protocol;

/// <summary>
/// Speaks the protocol over a socket byte by byte, for tests that need exact messages or rude behaviour. One test uses it, one call at a time;
/// every read gives up after <see cref="Wait.DefaultTimeout"/>.
/// </summary>
public sealed class RawClient : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    private RawClient(Socket socket) => _socket = socket;

    public Socket Socket => _socket;

    /// <summary>The parameters of the welcome; a name that came twice has its last value.</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    /// <summary>The names of ParameterStatus messages in the order they came during login.</summary>
    public List<string> ParameterOrder { get; } = [];

    /// <summary>The bytes of BackendKeyData.</summary>
    public byte[] CancelKey { get; private set; } = [];

    public static async Task<RawClient> ConnectAsync(string host, int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(host, port);
        return new RawClient(socket);
    }

    public static async Task<RawClient> ConnectUnixAsync(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
        return new RawClient(socket);
    }

    public async Task SendAsync(params byte[][] messages)
    {
        byte[] all = messages.Length == 1 ? messages[0] : [.. messages.SelectMany(message => message)];
        int sent = 0;
        while (sent < all.Length)
        {
            sent += await _socket.SendAsync(all.AsMemory(sent), Deadline());
        }
    }

    /// <summary>Sends the startup packet and does what the other side asks for, up to the first ReadyForQuery.</summary>
    public async Task LogInAsync(string user, string database, string? password = null, params (string Name, string Value)[] parameters)
    {
        await SendAsync(FrontendMessages.Startup([("user", user), ("database", database), .. parameters]));
        await FinishLoginAsync(user, password ?? string.Empty);
    }

    /// <summary>The part of a login behind the startup packet.</summary>
    public async Task FinishLoginAsync(string user, string password)
    {
        string firstBare = PasswordReply.ScramFirstBare(Convert.ToBase64String(Guid.NewGuid().ToByteArray()));
        while (true)
        {
            BackendMessage message = await ReadAsync() ?? throw new EndOfStreamException("the connection ended during login");
            switch (message.Type)
            {
                case 'R':
                    await AnswerAsync(message, user, password, firstBare);
                    break;
                case 'S':
                    string name = message.Text;
                    ParameterOrder.Add(name);
                    int value = Encoding.UTF8.GetByteCount(name) + 1;
                    Parameters[name] = Encoding.UTF8.GetString(message.Body.AsSpan(value, message.Body.Length - value - 1));
                    break;
                case 'K':
                    CancelKey = message.Body;
                    break;
                case 'E':
                    throw new ServerErrorException(message.Error());
                case 'Z':
                    return;
                default:
                    break;
            }
        }
    }

    /// <summary>Sends a simple query and reads to ReadyForQuery or to the end of the connection.</summary>
    public async Task<QueryResult> QueryAsync(string sql)
    {
        await SendAsync(FrontendMessages.Query(sql));
        return await ReadResultAsync();
    }

    /// <summary>Reads to the next ReadyForQuery, or to the end of the connection.</summary>
    public async Task<QueryResult> ReadResultAsync()
    {
        QueryResult result = new();
        StringBuilder types = new();
        while (await ReadAsync() is { } message)
        {
            types.Append(message.Type);
            switch (message.Type)
            {
                case 'T':
                    AddColumns(result, message);
                    break;
                case 'D':
                    result.Rows.Add(Row(message));
                    break;
                case 'C':
                    result.Tags.Add(message.Text);
                    break;
                case 'E':
                    result.Errors.Add(message.Error());
                    break;
                case 'N':
                    result.Notices.Add(message.Error());
                    break;
                case 'Z':
                    result.Status = (char)message.Body[0];
                    result.Types = types.ToString();
                    return result;
                default:
                    break;
            }
        }

        result.Types = types.ToString();
        return result;
    }

    /// <summary>The next message, or null when the other side closed the connection.</summary>
    public async Task<BackendMessage?> ReadAsync()
    {
        if (!await FillAsync(5))
        {
            return null;
        }

        char type = (char)_buffer[_start];
        int length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_start + 1)) - 4;
        _start += 5;
        byte[] body = new byte[length];
        int copied = 0;
        while (copied < length)
        {
            if (_start == _end && !await FillAsync(1))
            {
                throw new EndOfStreamException($"the connection ended inside a message of type {type}");
            }

            int part = Math.Min(length - copied, _end - _start);
            _buffer.AsSpan(_start, part).CopyTo(body.AsSpan(copied));
            _start += part;
            copied += part;
        }

        return new BackendMessage(type, body);
    }

    /// <summary>The next message, which has to be an ErrorResponse.</summary>
    public async Task<ErrorFields> ReadErrorAsync()
    {
        BackendMessage message = await ReadAsync() ?? throw new EndOfStreamException("the connection ended without an error message");
        return message.Type == 'E' ? message.Error() : throw new InvalidOperationException($"message {message.Type} came instead of an error");
    }

    /// <summary>One byte outside the message format: the answer to SSLRequest and GSSENCRequest.</summary>
    public async Task<char?> ReadByteAsync() => await FillAsync(1) ? (char)_buffer[_start++] : null;

    /// <summary>True when the other side closes the connection without another byte.</summary>
    public async Task<bool> IsClosedAsync() => !await FillAsync(1);

    /// <summary>Closes the socket with a reset instead of an orderly end.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();

    private static CancellationToken Deadline() => new CancellationTokenSource(Wait.DefaultTimeout).Token;

    private static string?[] Row(BackendMessage message)
    {
        string?[] values = new string?[message.Int16()];
        int at = 2;
        for (int i = 0; i < values.Length; i++)
        {
            int length = message.Int32(at);
            at += 4;
            if (length >= 0)
            {
                values[i] = Encoding.UTF8.GetString(message.Body, at, length);
                at += length;
            }
        }

        return values;
    }

    private static void AddColumns(QueryResult result, BackendMessage message)
    {
        int at = 2;
        for (int i = message.Int16(); i > 0; i--)
        {
            int end = Array.IndexOf(message.Body, (byte)0, at);
            result.Columns.Add(Encoding.UTF8.GetString(message.Body, at, end - at));
            result.TypeIds.Add(message.Int32(end + 7));
            at = end + 19;
        }
    }

    private async Task AnswerAsync(BackendMessage request, string user, string password, string firstBare)
    {
        switch (request.Int32())
        {
            case 3:
                await SendAsync(FrontendMessages.Password(password));
                break;
            case 5:
                await SendAsync(FrontendMessages.Password(PasswordReply.Md5(user, password, request.Body.AsSpan(4))));
                break;
            case 10:
                await SendAsync(PasswordReply.ScramInitial(firstBare));
                break;
            case 11:
                string serverFirst = Encoding.UTF8.GetString(request.Body.AsSpan(4));
                await SendAsync(FrontendMessages.Message('p', Encoding.UTF8.GetBytes(PasswordReply.ScramFinal(password, firstBare, serverFirst))));
                break;
            default:
                break;
        }
    }

    /// <summary>Makes at least <paramref name="count"/> bytes available; false at the end of the stream or on a reset.</summary>
    private async Task<bool> FillAsync(int count)
    {
        if (_end - _start >= count)
        {
            return true;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        while (_end < count)
        {
            int received;
            try
            {
                received = await _socket.ReceiveAsync(_buffer.AsMemory(_end), Deadline());
            }
            catch (SocketException)
            {
                return false;
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException("nothing came from the other side");
            }

            if (received == 0)
            {
                return false;
            }

            _end += received;
        }

        return true;
    }
}
