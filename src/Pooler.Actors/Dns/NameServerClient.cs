using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pooler.Actors.Dns;

/// <summary>Asks name servers: by UDP, again by TCP when the answer does not fit, one server after the other until one answers. Any thread may call.</summary>
internal static class NameServerClient
{
    private const int LongestDatagram = 4096;

    /// <summary>The first useful answer; null: no server gave one in time.</summary>
    public static async Task<DnsResponse?> AskAsync(ResolvConf conf, string name, DnsRecordType type, CancellationToken cancellation)
    {
        DnsResponse? refusal = null;
        for (var attempt = 0; attempt < conf.Attempts; attempt++)
        {
            foreach (var server in conf.NameServers)
            {
                // A number nobody can guess, and a socket of its own, so that nobody else can answer.
                var query = DnsMessage.WriteQuery((ushort)RandomNumberGenerator.GetInt32(1 << 16), name, type);
                if (query is null)
                {
                    return new DnsResponse(DnsResponse.NoSuchName, false, [], null);
                }

                var response = await AskServerAsync(conf, server, query, cancellation).ConfigureAwait(false);
                if (response is { Code: DnsResponse.NoError or DnsResponse.NoSuchName })
                {
                    return response;
                }

                refusal ??= response;
            }
        }

        return refusal;
    }

    private static async Task<DnsResponse?> AskServerAsync(ResolvConf conf, IPEndPoint server, byte[] query, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(conf.Timeout);
        try
        {
            if (!conf.UsesTcp && await AskByUdpAsync(server, query, patience.Token).ConfigureAwait(false) is { IsTruncated: false } response)
            {
                return response;
            }

            return await AskByTcpAsync(server, query, patience.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is SocketException or IOException
            || (exception is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            return null;
        }
    }

    private static async Task<DnsResponse> AskByUdpAsync(IPEndPoint server, byte[] query, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        await socket.SendAsync(query, cancellation).ConfigureAwait(false);
        var buffer = new byte[LongestDatagram];
        while (true)
        {
            var length = await socket.ReceiveAsync(buffer, cancellation).ConfigureAwait(false);
            if (DnsMessage.TryReadResponse(buffer.AsSpan(0, length), query, out var response))
            {
                return response;
            }
        }
    }

    private static async Task<DnsResponse?> AskByTcpAsync(IPEndPoint server, byte[] query, CancellationToken cancellation)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, cancellation).ConfigureAwait(false);
        using var stream = new NetworkStream(socket);
        var message = new byte[2 + query.Length];
        BinaryPrimitives.WriteUInt16BigEndian(message, (ushort)query.Length);
        query.CopyTo(message, 2);
        await stream.WriteAsync(message, cancellation).ConfigureAwait(false);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellation).ConfigureAwait(false);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, cancellation).ConfigureAwait(false);
        return DnsMessage.TryReadResponse(answer, query, out var response) ? response : null;
    }
}
