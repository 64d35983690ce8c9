using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Pooler.Testing.Protocol;

namespace Pooler.Load;

/// <summary>One connection. While it is idle it is a socket and nothing else.</summary>
internal sealed class LoadClient : IDisposable
{
    private const int BufferSize = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);
    private static readonly byte[] Terminate = FrontendMessages.Terminate();

    private readonly Socket _socket;

    private LoadClient(Socket socket) => _socket = socket;

    /// <summary>Connects and logs in. What goes wrong is an exception with the reason.</summary>
    public static async Task<LoadClient> LogInAsync(EndPoint target, Credentials credentials)
    {
        Socket socket = await ConnectAsync(target).ConfigureAwait(false);
        try
        {
            await socket.SendAsync(credentials.Startup).ConfigureAwait(false);
            var client = new LoadClient(socket);
            ScramExchange? exchange = null;
            await client.ReadToReadyAsync(request =>
            {
                byte[]? reply = credentials.Answer(request, ref exchange);
                return reply is null ? default : new ValueTask(socket.SendAsync(reply));
            }).ConfigureAwait(false);
            return client;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Sends a Query message and awaits the end of its answer.</summary>
    public async Task RunAsync(byte[] query)
    {
        await _socket.SendAsync(query).ConfigureAwait(false);
        await ReadToReadyAsync(null).ConfigureAwait(false);
    }

    /// <summary>Says good-bye and closes.</summary>
    public void Dispose()
    {
        try
        {
            _socket.Send(Terminate);
        }
        catch (SocketException)
        {
            // It has been closed from the other side; whoever needed it has been told.
        }

        _socket.Dispose();
    }

    private static async Task<Socket> ConnectAsync(EndPoint target)
    {
        bool isTcp = target is IPEndPoint;
        while (true)
        {
            var socket = new Socket(target.AddressFamily, SocketType.Stream, isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified);
            try
            {
                if (isTcp)
                {
                    socket.NoDelay = true;
                }

                await socket.ConnectAsync(target).ConfigureAwait(false);
                return socket;
            }
            catch (SocketException exception) when (!isTcp && exception.SocketErrorCode is SocketError.WouldBlock or SocketError.TryAgain)
            {
                // With a full queue a unix socket says so at once, where TCP sends its packet again after a while.
                socket.Dispose();
                await Task.Delay(Patience).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private async Task ReadToReadyAsync(Func<ReadOnlyMemory<byte>, ValueTask>? authenticate)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int length = 0;
            while (true)
            {
                int received = await _socket.ReceiveAsync(buffer.AsMemory(length)).ConfigureAwait(false);
                if (received == 0)
                {
                    throw new EndOfStreamException("closed by the pooler");
                }

                length += received;
                int start = 0;
                while (length - start >= 5 && BinaryPrimitives.ReadInt32BigEndian(buffer.AsSpan(start + 1)) is var size && length - start > size)
                {
                    ReadOnlyMemory<byte> body = buffer.AsMemory(start + 5, size - 4);
                    switch ((char)buffer[start])
                    {
                        case 'R' when authenticate is not null:
                            await authenticate(body).ConfigureAwait(false);
                            break;
                        case 'E':
                            throw new ServerErrorException(new BackendMessage('E', body.ToArray()).Error());
                        case 'Z' when body.Span[0] != 'I':
                            throw new InvalidDataException($"left in transaction status {(char)body.Span[0]}");
                        case 'Z':
                            return;
                        default:
                            break;
                    }

                    start += size + 1;
                }

                length -= start;
                buffer.AsSpan(start, length).CopyTo(buffer);
                if (length == buffer.Length)
                {
                    throw new InvalidDataException($"a message of type {(char)buffer[0]} is larger than the {BufferSize} bytes of an answer");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
