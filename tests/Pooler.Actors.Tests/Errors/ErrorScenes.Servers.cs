using Pooler.Actors.Admin;
using Pooler.Actors.Supervision;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Errors;

/// <content>Why servers are closed.</content>
internal static partial class ErrorScenes
{
    private const string Elsewhere = "db = host=10.0.0.1 dbname=elsewhere";

    private static Dictionary<string, Func<ErrorScene>> Servers() => new()
    {
        ["server-close: server idle timeout"] = () => Session((_, _) => { }, "server_idle_timeout = 3"),
        ["server-close: server lifetime over"] = () => Session((_, _) => { }, "server_lifetime = 3"),
        ["server-close: close_needed"] = () => InTransaction((pooler, client) =>
        {
            pooler.Reload("", Elsewhere);
            client.Run("commit", pooler.Servers[0]);
        }),
        ["server-close: obsolete connection"] = () => Session((pooler, client) =>
        {
            pooler.Reload("", Elsewhere);
            client.Query("select 1");
        }),
        ["server-close: database configuration changed"] = () => Session((pooler, _) => pooler.Reload("", Elsewhere)),
        ["server-close: connect string changed"] = () => WhileServerLogsIn(pooler => pooler.Reload("", Elsewhere)),
        ["server-close: pause mode"] = () => Session((pooler, _) => pooler.Tell(ActorNames.Pools, new PausePools(1, null))),
        ["server-close: close unsafe file descriptors on suspend"] = () => Session(
            (pooler, client) =>
            {
                client.Run("select 1", pooler.Servers[0]);
                var console = pooler.Login("admin", "pgbouncer");
                console.Command("SUSPEND");
                var id = console.Rows("SHOW CLIENTS").Single(row => row.Contains("|db|", StringComparison.Ordinal)).Split('|')[^1];
                console.Command("KILL_CLIENT " + id);
            },
            "pool_mode = session"),
        ["server-close: evicted"] = () => Session(
            (pooler, _) =>
            {
                // A pool of another user of the database needs the only place.
                var other = pooler.Connect();
                other.SendStartup("other");
            },
            "max_db_connections = 1"),
        ["server-close: too many servers in the pool"] = () => InTransaction(
            (pooler, _) =>
            {
                var other = pooler.Login();
                other.Query("select 2");
                pooler.Until(() => pooler.Servers.Count == 2);
                pooler.Servers[1].Serve("select 2");
                pooler.Reload("default_pool_size = 1", "db = host=10.0.0.1");
            },
            "default_pool_size = 2"),
        ["server-close: idle server got dirty"] = () => Session((pooler, _) => pooler.Servers[0].Send(writer => writer.WriteFatal("the end", "57P01"))),
        ["server-close: client disconnect while server was not ready"] = () => InTransaction((_, client) => Terminate(client)),
        ["server-close: client disconnected with query in progress"] = () => InQuery((pooler, client) =>
        {
            client.Query("select 2");
            pooler.Servers[0].Expect("Q select 2");
            pooler.Servers[0].Answer();
            client.Expect("Z");
            Terminate(client);
        }),
        ["server-close: client disconnected with queries in progress"] = () => InQuery((pooler, client) =>
        {
            client.Query("select 2");
            client.Query("select 3");
            pooler.Servers[0].Expect("Q select 3");
            pooler.Servers[0].Answer();
            client.Expect("Z");
            client.Peer.Close();
        }),
        ["server-close: client disconnect before everything was sent to the server"] = () => Session(
            (pooler, client) =>
            {
                client.Run("select 1", pooler.Servers[0]);
                client.Send(ScriptedPeer.Frame('Q', "select 1\0")[..3]);
                pooler.Settle();
                client.Peer.Close();
            },
            "pool_mode = session"),
        ["server-close: reset query failed"] = () => Session(
            (pooler, client) =>
            {
                client.Run("select 1", pooler.Servers[0]);
                Terminate(client);
                pooler.Servers[0].Expect("Q DISCARD ALL");
                pooler.Servers[0].Send(writer =>
                {
                    writer.WriteErrorResponse("ERROR", "57014", "canceling statement");
                    writer.WriteReadyForQuery(TransactionStatus.Idle);
                });
            },
            "pool_mode = session"),
        ["server-close: test query failed"] = () => Session(
            (pooler, client) =>
            {
                pooler.RunFor(3);
                client.Query("select 1");
                pooler.Servers[0].Serve("begin", TransactionStatus.InTransaction);
            },
            "server_check_delay = 1\nserver_check_query = begin"),
        ["server-close: connect failed"] = () =>
        {
            var pooler = new ScriptedPooler();
            pooler.RefuseConnections();
            return new ErrorScene(pooler, Late(pooler));
        },
        ["server-close: server DNS lookup failed"] = () => new ScriptedPooler("", "db = host=nowhere") is var pooler ? new ErrorScene(pooler, Late(pooler)) : null!,
        ["server-close: connect timeout"] = () => ServerMeets(_ => { }, "db = host=10.0.0.1"),
        ["server-close: cannot connect"] = () => new ScriptedPooler("", "db = dbname=db") is var pooler ? new ErrorScene(pooler, Late(pooler)) : null!,
        ["server-close: successfully sent cancel request"] = CancelSent,
        ["server-close: failed to answer authreq"] = () => ServerMeets(server => server.Send(ScriptedPeer.Frame('R', "\0\0\0\u0007"))),
        ["server-close: unknown pkt from server"] = () => ServerMeets(server => server.Send(ScriptedPeer.Frame('D', "\0\0"))),
        ["server-close: bad cancel key"] = () => ServerMeets(server =>
        {
            server.Send(writer => writer.WriteAuthenticationOk());
            server.Send(ScriptedPeer.Frame('K', "\0\0"));
        }),
        ["server-close: server conn crashed?"] = () => ServerMeets(server => server.Peer.Close()),
    };

    private static ErrorScene WhileServerLogsIn(Action<ScriptedPooler> act)
    {
        var scene = ServerMeets(_ => { }, "db = host=10.0.0.1");
        scene.Pooler.Until(() => scene.Pooler.Servers.Count == 1);
        scene.Pooler.Servers[0].Expect("startup");
        act(scene.Pooler);
        return scene;
    }
}
