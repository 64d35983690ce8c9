using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pooler.Testing.Dns;

/// <summary>
/// A DNS server on a loopback address, for UDP and TCP, that knows what a test tells it and remembers what it was asked: "A db.example", "AAAA db.example",
/// "SOA example", with "tcp " before those that came over TCP.
/// </summary>
public sealed class NameServer : IAsyncDisposable
{
    private const int HeaderLength = 12;
    private const int Truncated = 0x0200;
    private const int NoSuchName = 3;

    private readonly ConcurrentDictionary<string, IPAddress[]> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, uint> _serials = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly UdpClient _udp;
    private readonly TcpListener _tcp;
    private readonly Task _work;

    private NameServer(IPEndPoint endPoint)
    {
        _udp = new UdpClient(endPoint);
        try
        {
            _tcp = new TcpListener(endPoint);
            _tcp.Start();
        }
        catch
        {
            _udp.Dispose();
            throw;
        }

        EndPoint = endPoint;
        _work = Task.WhenAll(ServeUdpAsync(), ServeTcpAsync());
    }

    public IPEndPoint EndPoint { get; }

    /// <summary>Its line of a resolv.conf.</summary>
    public string ConfLine => EndPoint.Port == 53 ? $"nameserver {EndPoint.Address}\n" : $"nameserver {EndPoint}\n";

    /// <summary>Answers by UDP are empty and say that they are cut off.</summary>
    public bool Truncates { get; set; }

    /// <summary>Everything it was asked, in order.</summary>
    public IReadOnlyCollection<string> Asked => _asked;

    /// <summary>Starts one on a port of its own; on port 53 of a spare loopback address if <paramref name="usesStandardPort"/>, which takes the right to do so.</summary>
    public static NameServer Start(bool usesStandardPort = false)
    {
        for (int attempt = 0; ; attempt++)
        {
            byte last = (byte)Random.Shared.Next(1, 255);
            IPEndPoint endPoint = usesStandardPort ? new(new IPAddress([127, 0, 53, last]), 53) : new(IPAddress.Loopback, FreePort.Next());
            try
            {
                return new NameServer(endPoint);
            }
            catch (SocketException exception) when (attempt < 50 && exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Somebody else has it; another one will do.
            }
        }
    }

    /// <summary>From now on a name has these IPv4 addresses; without any there is no such name.</summary>
    public void Set(string name, params string[] addresses) => _hosts[name] = [.. addresses.Select(IPAddress.Parse)];

    /// <summary>From now on a zone has this serial number.</summary>
    public void SetSerial(string zone, uint serial) => _serials[zone] = serial;

    /// <summary>How often it was asked exactly this.</summary>
    public int Count(string question) => _asked.Count(asked => asked.Equals(question, StringComparison.OrdinalIgnoreCase));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _udp.Dispose();
        _tcp.Dispose();
        await _work;
        _stopping.Dispose();
    }

    private async Task ServeUdpAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult question = await _udp.ReceiveAsync(_stopping.Token);
                await _udp.SendAsync(Answer(question.Buffer, ""), question.RemoteEndPoint, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeTcpAsync()
    {
        try
        {
            while (true)
            {
                using TcpClient client = await _tcp.AcceptTcpClientAsync(_stopping.Token);
                NetworkStream stream = client.GetStream();
                byte[] length = new byte[2];
                await stream.ReadExactlyAsync(length, _stopping.Token);
                byte[] question = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(question, _stopping.Token);
                byte[] answer = Answer(question, "tcp ");
                BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                await stream.WriteAsync((byte[])[.. length, .. answer], _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private byte[] Answer(byte[] question, string prefix)
    {
        List<string> labels = [];
        int at = HeaderLength;
        for (; question[at] != 0; at += 1 + question[at])
        {
            labels.Add(Encoding.ASCII.GetString(question, at + 1, question[at]));
        }

        string name = string.Join('.', labels);
        int type = BinaryPrimitives.ReadUInt16BigEndian(question.AsSpan(at + 1));
        string word = type switch { 1 => "A", 6 => "SOA", 28 => "AAAA", _ => type.ToString(CultureInfo.InvariantCulture) };
        _asked.Enqueue($"{prefix}{word} {name}");
        bool isKnown = _hosts.TryGetValue(name, out IPAddress[]? addresses) && addresses.Length > 0;
        byte[][] records = type switch
        {
            1 when isKnown => [.. addresses!.Select(address => Record(1, address.GetAddressBytes()))],
            6 when _serials.TryGetValue(name, out uint serial) => [Record(6, StartOfAuthority(serial))],
            _ => [],
        };
        bool isCutOff = Truncates && prefix.Length == 0;
        int flags = 0x8180 | (isCutOff ? Truncated : 0) | (records.Length == 0 && !isKnown ? NoSuchName : 0);
        byte[] answer = [.. question[..(at + 5)], .. isCutOff ? [] : records.SelectMany(record => record)];
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(2), (ushort)flags);
        BinaryPrimitives.WriteUInt16BigEndian(answer.AsSpan(6), (ushort)(isCutOff ? 0 : records.Length));

        // What a question may carry behind itself (EDNS) is not sent back.
        answer.AsSpan(8, 4).Clear();
        return answer;
    }

    // The owner is the name of the question.
    private static byte[] Record(byte type, byte[] data) => [0xc0, HeaderLength, 0, type, 0, 1, 0, 0, 0, 60, 0, (byte)data.Length, .. data];

    private static byte[] StartOfAuthority(uint serial)
    {
        byte[] data = new byte[22];
        BinaryPrimitives.WriteUInt32BigEndian(data.AsSpan(2), serial);
        return data;
    }
}
