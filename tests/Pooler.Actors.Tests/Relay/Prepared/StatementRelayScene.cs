using System.Buffers.Binary;
using System.Net;
using System.Text;
using Pooler.Actors.Relay;
using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Stats;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Transport;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Clients and servers on both sides of the relays, with messages as short as they can be said.</summary>
public abstract class StatementRelayScene
{
    protected const string Changed = "SERROR\0C0A000\0Mcached plan must not change result type\0RRevalidateCachedQuery\0\0";
    protected const string Failed = "SERROR\0C42P01\0Mno such table\0\0";

    private protected StatementRelayScene() => Rewriter = new StatementRewriter(Cache);

    private protected PreparedStatementCache Cache { get; } = new();

    private protected StatementRewriter Rewriter { get; }

    private protected BufferPool Buffers { get; } = new(64);

    private protected MessageWriter Writer { get; } = new();

    private protected TrackedParameters Tracked { get; } = new([]);

    /// <summary>max_prepared_statements.</summary>
    private protected int Limit { get; set; } = 200;

    private protected static byte[] Execute => Frame('E', "\0\0\0\0\0");

    private protected static byte[] Sync => Frame('S', "");

    private protected static byte[] Parse(string name, string text) => Frame('P', $"{name}\0{text}\0\0\0");

    private protected static byte[] Bind(string name, string value = "") => Frame('B', $"\0{name}\0\0\0\0\u0001\0\0\0{(char)value.Length}{value}\0\0");

    private protected static byte[] Describe(string name) => Frame('D', $"S{name}\0");

    private protected static byte[] DescribePortal => Frame('D', "P\0");

    private protected static byte[] Flush => Frame('H', "");

    private protected static byte[] Close(string name) => Frame('C', $"S{name}\0");

    private protected static byte[] Frame(char type, string body) => ScriptedPeer.Frame(type, body);

    /// <summary>Messages of a server: a type, and a body behind a colon.</summary>
    private protected static byte[] Messages(params string[] messages) => [.. messages.SelectMany(message => message switch
    {
        "Z" => Frame('Z', "I"),
        [var type, ':', .. var body] => Frame(type, type == 'E' ? body : body + "\0"),
        _ => Frame(message[0], ""),
    })];

    private protected static byte[][] Split(byte[] bytes)
    {
        var messages = new List<byte[]>();
        for (var position = 0; position < bytes.Length;)
        {
            var length = 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1));
            messages.Add(bytes[position..(position + length)]);
            position += length;
        }

        return [.. messages];
    }

    private protected Server NewServer() => new(Tracked);

    private protected Client NewClient() => new();

    private protected void Prepare(Client client, Server server, string name, string text)
    {
        Send(client, server, Parse(name, text), Sync);
        Answer(client, server, "1", "Z");
        Assert.Equal("1Z", client.Types());
        server.Received();
    }

    private protected RelayResult Send(Client client, Server server, params byte[][] requests)
    {
        client.Requests.Policy.Rewrites = true;
        server.Link.ClientStatements = client.Statements;
        return RequestRelay.Relay(
            ref client.Requests,
            ref client.Statements,
            Rewriter,
            server.Link,
            client.Connection,
            requests.SelectMany(request => request).ToArray(),
            Buffers,
            new RequestLimits(int.MaxValue, false, Limit),
            1);
    }

    /// <summary>The same for requests that were held up, now that they need not be any longer.</summary>
    private protected RelayResult SendAgain(Client client, Server server, params byte[][] requests)
    {
        Assert.True(server.Link.IsAwaitOver);
        server.Link.IsAwaited = false;
        return Send(client, server, requests);
    }

    private protected void Answer(Client client, Server server, params string[] messages) => Answer(client, server, Messages(messages));

    private protected void Answer(Client client, Server server, byte[] bytes) =>
        Assert.Null(ResponseRelay.Relay(server.Link, client.Connection, null, bytes, Buffers, Writer, int.MaxValue, 2).Text);

    private protected sealed class Client
    {
        public readonly RecordingConnection Connection = new();
        public FrameStream<RequestPolicy> Requests;
        public ClientStatements? Statements;
        private int _seen;

        /// <summary>Everything it got.</summary>
        public string Text() => Encoding.Latin1.GetString(Connection.Sent);

        /// <summary>The types of the messages that have come since the last time.</summary>
        public string Types()
        {
            var bytes = Connection.Sent[_seen..];
            var types = "";
            var position = 0;
            while (position < bytes.Length && position + 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1)) <= bytes.Length)
            {
                types += (char)bytes[position];
                position += 1 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(position + 1));
            }

            _seen += position;
            return types;
        }
    }

    private protected sealed class Server
    {
        private readonly RecordingConnection _connection = new();
        private int _seen;

        public Server(TrackedParameters tracked)
        {
            Link = new ServerLink(_connection, new ConnectTarget.Tcp(IPAddress.Loopback, 1), new PoolStatistics(), default, new ParameterValues(tracked));
            Link.Retry.IsEnabled = true;
        }

        public ServerLink Link { get; }

        /// <summary>It reads nothing of what is sent.</summary>
        public bool IsStuck
        {
            get => _connection.IsStuck;
            set => _connection.IsStuck = value;
        }

        /// <summary>Everything it got.</summary>
        public byte[] Bytes() => _connection.Sent;

        /// <summary>The messages that have come since the last time.</summary>
        public byte[][] Received()
        {
            var bytes = _connection.Sent[_seen..];
            _seen += bytes.Length;
            return Split(bytes);
        }
    }
}
