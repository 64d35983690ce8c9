using Pooler.Actors.Tests.Supervision;

namespace Pooler.Actors.Tests.Errors;

/// <content>Replication clients, whose server's login is theirs alone.</content>
internal static partial class ErrorScenes
{
    private static Dictionary<string, Func<ErrorScene>> Replication() => new()
    {
        ["server-login: login failed"] = () => ReplicationMeets(server => server.Send(writer => writer.WriteFatal("no pg_hba.conf entry", "28000"))),
        ["server-close: login failed"] = () => ReplicationMeets(server => server.Send(writer => writer.WriteFatal("no pg_hba.conf entry", "28000"))),
        ["linked: connect timeout"] = () => ReplicationMeets(_ => { }),
        ["linked: connect failed"] = () =>
        {
            var pooler = new ScriptedPooler();
            pooler.RefuseConnections();
            return new ErrorScene(pooler, Replicating(pooler));
        },
        ["linked: server DNS lookup failed"] = () => new ScriptedPooler("", "db = host=nowhere") is var pooler ? new ErrorScene(pooler, Replicating(pooler)) : null!,
        ["linked: failed to answer authreq"] = () => ReplicationMeets(server => server.Send(ScriptedPeer.Frame('R', "\0\0\0\u0007"))),
        ["linked: unknown pkt from server"] = () => ReplicationMeets(server => server.Send(ScriptedPeer.Frame('D', "\0\0"))),
        ["linked: bad cancel key"] = () => ReplicationMeets(server =>
        {
            server.Send(writer => writer.WriteAuthenticationOk());
            server.Send(ScriptedPeer.Frame('K', "\0\0"));
        }),
        ["server-close: replication client was closed"] = () =>
        {
            var pooler = new ScriptedPooler();
            var client = Replicating(pooler);
            client.Expect("Z");
            Terminate(client);
            return new ErrorScene(pooler);
        },
        ["server-close: replication client disconnected"] = () =>
        {
            var scene = ReplicationMeets(_ => { });
            scene.Pooler.Until(() => scene.Pooler.Servers.Count == 1);
            scene.Client!.Peer.Close();
            return scene;
        },
    };

    private static ErrorScene ReplicationMeets(Action<ScriptedServer> login)
    {
        var pooler = new ScriptedPooler("", "db = host=10.0.0.1 user=bob password=secret") { OnLogin = login };
        return new ErrorScene(pooler, Replicating(pooler));
    }

    private static ScriptedClient Replicating(ScriptedPooler pooler)
    {
        var client = pooler.Connect();
        client.SendStartup("user", "db", ("replication", "true"));
        return client;
    }
}
