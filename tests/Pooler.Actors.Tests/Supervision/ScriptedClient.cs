using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Supervision;

/// <summary>A client's side of one connection.</summary>
internal sealed class ScriptedClient(ScriptedPooler pooler, SimulatedPeer peer) : ScriptedPeer(pooler, peer)
{
    /// <summary>The key by which its queries can be cancelled; known after the login.</summary>
    public CancelKey Key { get; private set; }

    public void SendStartup(string user = "user", string database = "db") => Send(writer => writer.WriteStartupMessage(
        new KeyValuePair<string, string>("user", user), new KeyValuePair<string, string>("database", database)));

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
        other.Send(writer => writer.WriteCancelRequest(Key));
        return other;
    }

    protected override void Got(string message, byte[] body)
    {
        if (message[0] == 'K')
        {
            Key = new CancelKey(body);
        }

        base.Got(message, body);
    }
}
