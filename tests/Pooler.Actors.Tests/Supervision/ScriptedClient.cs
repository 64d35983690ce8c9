using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>A client's side of one connection.</summary>
internal sealed class ScriptedClient(ScriptedPooler pooler, SimulatedPeer peer) : ScriptedPeer(pooler, peer)
{
    private readonly List<string> _rows = [];

    /// <summary>The key by which its queries can be cancelled; known after the login.</summary>
    public CancelKey Key { get; private set; }

    /// <summary>The rest of a key of protocol 3.2.</summary>
    public byte[] KeyTail { get; private set; } = [];

    public void SendStartup(string user = "user", string database = "db", params (string Name, string Value)[] more) =>
        SendStartup(ProtocolCode.Version3, user, database, more);

    /// <summary>A startup packet that asks for this version of the protocol.</summary>
    public void SendStartup(int version, string user = "user", string database = "db", params (string Name, string Value)[] more) => Send(writer => writer.WriteStartupMessageOf(
        version,
        [new("user", user), new("database", database), .. more.Select(parameter => new KeyValuePair<string, string>(parameter.Name, parameter.Value))]));

    public void Query(string text) => Send(writer => writer.WriteQuery(text));

    /// <summary>Sends a query that a server answers, and waits for the end of the answer.</summary>
    public void Run(string text, ScriptedServer server, byte status = TransactionStatus.Idle)
    {
        Query(text);
        server.Serve(text, status);
        Expect("Z");
    }

    /// <summary>Another connection asks for this client's query to be cancelled.</summary>
    public ScriptedClient Cancel()
    {
        var other = Pooler.Connect();
        other.Send(writer => writer.WriteCancelRequest(Key, KeyTail));
        return other;
    }

    /// <summary>Gives a console command: the tag of its answer, or the text of the error.</summary>
    public string Command(string text)
    {
        Query(text);
        return Answer();
    }

    /// <summary>Waits for the end of a command: its tag, or the text of the error.</summary>
    public string Answer()
    {
        var answer = "";
        Pooler.Until(() =>
        {
            while (answer.Length == 0 && Messages.TryDequeue(out var message))
            {
                answer = message[0] switch
                {
                    'C' => message[2..],
                    'E' => message[(message.IndexOf(" M", StringComparison.Ordinal) + 2)..],
                    _ => "",
                };
            }

            return answer.Length > 0;
        });
        return answer;
    }

    /// <summary>The rows that a console command answers with, columns between bars.</summary>
    public IReadOnlyList<string> Rows(string text)
    {
        _rows.Clear();
        Command(text);
        return [.. _rows];
    }

    protected override void Got(string message, byte[] body)
    {
        if (message[0] == 'D')
        {
            _rows.Add(Columns(body));
        }

        if (message[0] == 'K')
        {
            Key = new CancelKey(body);
            KeyTail = body[CancelKey.Size..];
        }

        base.Got(message, body);
    }

    private static string Columns(ReadOnlySpan<byte> body)
    {
        List<string> columns = [];
        for (var rest = body[2..]; rest.Length > 0;)
        {
            var length = Math.Max(0, BinaryPrimitives.ReadInt32BigEndian(rest));
            columns.Add(Encoding.UTF8.GetString(rest.Slice(4, length)));
            rest = rest[(4 + length)..];
        }

        return string.Join('|', columns);
    }
}
