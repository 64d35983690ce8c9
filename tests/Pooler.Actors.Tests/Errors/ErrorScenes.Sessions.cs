using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Errors;

/// <content>Clients that are logged in: waiting, linked to a server, on the console, and leaving.</content>
internal static partial class ErrorScenes
{
    private static Dictionary<string, Func<ErrorScene>> Sessions() => new()
    {
        ["queue: query_wait_timeout"] = () => Waiting("query_wait_timeout = 3"),
        ["queue: query_timeout"] = () => Waiting("query_timeout = 3"),
        ["queue: client_idle_timeout"] = () => Session((_, _) => { }, "client_idle_timeout = 3"),
        ["queue: server shutting down"] = () => Waiting("") is var scene && ShutDown(scene.Pooler, ShutdownMode.WaitForServers) ? scene : null!,
        ["linked: query timeout"] = () => InQuery((_, _) => { }, "query_timeout = 3"),
        ["linked: idle transaction timeout"] = () => InTransaction((_, _) => { }, "idle_transaction_timeout = 3"),
        ["linked: transaction timeout"] = () => InTransaction((_, _) => { }, "transaction_timeout = 3"),
        ["linked: server conn crashed?"] = () => InQuery((pooler, _) => pooler.Servers[0].Peer.Reset()),
        ["linked: database configuration changed"] = () => Session(
            (pooler, client) =>
            {
                client.Run("select 1", pooler.Servers[0]);
                pooler.Reload("pool_mode = session\nserver_fast_close = 1", "db = host=10.0.0.1 dbname=elsewhere");
            },
            "pool_mode = session\nserver_fast_close = 1"),
        ["linked: transaction blocks not allowed in statement pooling mode"] = () => InQuery(
            (pooler, _) => pooler.Servers[0].Send(writer => writer.WriteReadyForQuery(TransactionStatus.InTransaction)), "pool_mode = statement"),
        ["linked: invalid server parameter"] = () =>
        {
            var pooler = new ScriptedPooler();
            var client = InAnotherZone(pooler);
            pooler.Servers[0].Expect("Q SET");
            pooler.Servers[0].Send(writer =>
            {
                writer.WriteErrorResponse("ERROR", "22023", "no such zone");
                writer.WriteReadyForQuery(TransactionStatus.Idle);
            });
            return new ErrorScene(pooler, client);
        },
        ["linked: unknown pkt"] = () => InQuery((pooler, _) => pooler.Servers[0].Send(ScriptedPeer.Frame('~', ""))),
        ["linked: bad pkt header"] = () => InQuery((pooler, _) => pooler.Servers[0].Send([(byte)'D', 0, 0, 0, 1])),
        ["linked: broken ParameterStatus packet"] = () => InQuery((pooler, _) => pooler.Servers[0].Send(ScriptedPeer.Frame('S', "x"))),
        ["linked: database removed"] = () => InQuery((pooler, _) => pooler.Reload("", "another = host=10.0.0.1")),
        ["session: PQexec disallowed"] = () => Session((_, client) => client.Query("select 1"), "disable_pqexec = 1"),
        ["session: unknown pkt"] = () => Session((_, client) => client.Send(ScriptedPeer.Frame('~', ""))),
        ["notice: No server connection available in postgres backend, client being queued"] = () =>
        {
            var scene = InQuery((_, _) => { }, "default_pool_size = 1\nquery_wait_notify = 2");
            var waiter = scene.Pooler.Login();
            waiter.Messages.Clear();
            waiter.Query("select 2");
            scene.Pooler.RunFor(4);
            scene.Pooler.Servers[0].Answer();
            scene.Pooler.Servers[0].Serve("select 2");
            return scene with { Client = waiter };
        },
        ["notice: <login_notify_message>"] = () => new ScriptedPooler("login_notify_message = read this") is var pooler ? new ErrorScene(pooler, Late(pooler)) : null!,
    };

    private static Dictionary<string, Func<ErrorScene>> Console() => new()
    {
        ["console: invalid command '<query>', use SHOW HELP;"] = () => OnConsole("foo"),
        ["console: bad arguments"] = () => OnConsole("PAUSE " + new string('x', 64)),
        ["console: admin access needed"] = () => OnConsole("PAUSE", "reader"),
        ["console: no such database: <db>"] = () => OnConsole("PAUSE nowhere"),
        ["console: database <db> is not paused"] = () => OnConsole("RESUME db"),
        ["console: already suspended/paused"] = () => Session(
            (_, console) =>
            {
                console.Query("PAUSE");
                console.Expect("Z");
                console.Query("PAUSE");
            },
            "", "admin", "pgbouncer"),
        ["console: pooler is not paused/suspended"] = () => OnConsole("RESUME"),
        ["console: pooler is shutting down"] = () => Session(
            (pooler, console) =>
            {
                ShutDown(pooler, ShutdownMode.WaitForClients);
                console.Query("RESUME");
            },
            "", "admin", "pgbouncer"),
        ["console: cannot pause admin db: pgbouncer"] = () => OnConsole("PAUSE pgbouncer"),
        ["console: cannot reconnect admin db: pgbouncer"] = () => OnConsole("RECONNECT pgbouncer"),
        ["console: cannot disable admin db: pgbouncer"] = () => OnConsole("DISABLE pgbouncer"),
        ["console: cannot enable admin db: pgbouncer"] = () => OnConsole("ENABLE pgbouncer"),
        ["console: cannot kill admin db: pgbouncer"] = () => OnConsole("KILL pgbouncer"),
        ["console: cannot wait in admin db: pgbouncer"] = () => OnConsole("WAIT_CLOSE pgbouncer"),
        ["console: a database is required"] = () => OnConsole("DISABLE"),
        ["console: invalid client pointer supplied"] = () => OnConsole("KILL_CLIENT x"),
        ["console: client not found"] = () => OnConsole("KILL_CLIENT 12345"),
        ["console: unsupported packet type for admin console: <type as decimal>"] = () => Sending(ScriptedPeer.Frame('F', "")),
        ["console: bad packet"] = () => Sending(ScriptedPeer.Frame('F', "")) is var scene && scene.Client!.Expect("Z").Length > 0
            ? scene
            : null!,
        ["console: incomplete pkt"] = () => Sending([(byte)'Q', 0, 0x7F, 0, 0]),
        ["console: incomplete query"] = () => Sending(ScriptedPeer.Frame('Q', "SHOW POOLS")),
        ["notice: SET ignored"] = () => OnConsole("SET client_encoding = 'utf8'"),
        ["notice: Console usage"] = () => OnConsole("SHOW HELP"),
    };

    private static Dictionary<string, Func<ErrorScene>> Silent() => new()
    {
        ["silent: client unexpected eof"] = () => Session((_, client) => client.Peer.Close()),
        ["silent: client close request"] = () => Session((_, client) => Terminate(client)),
        ["silent: bad packet"] = () => First(ScriptedPeer.Frame('Q', "select 1\0")),
        ["silent: bad cancel request"] = () => First(Packet(ProtocolCode.CancelRequest, "1234")),
        ["silent: failed cancel request"] = () => First(Packet(ProtocolCode.CancelRequest, "12345678")),
        ["silent: cancel request for idle client"] = () => Session((_, client) => client.Cancel()),
        ["silent: cancel request for console client"] = () => Session((_, console) => console.Cancel(), "", "admin", "pgbouncer"),
        ["silent: ignoring cancel request for server that is setting vars"] = () =>
        {
            var pooler = new ScriptedPooler();
            var client = InAnotherZone(pooler);
            pooler.Servers[0].Expect("Q SET");
            client.Cancel();
            return new ErrorScene(pooler);
        },
        ["silent: not sending cancel request for client that is now idle"] = () => InQuery(
            (pooler, client) =>
            {
                // The second request finds twice the pool's size in use, and waits.
                client.Cancel();
                pooler.Until(() => pooler.Servers.Count == 2);
                client.Cancel();
                pooler.Settle();
                pooler.Servers[0].Answer();
            },
            "default_pool_size = 1"),
        ["silent: successfully sent cancel request"] = CancelSent,
        ["silent: failed to send cancel request"] = () => InQuery((pooler, client) =>
        {
            pooler.RefuseConnections();
            client.Cancel();
        }),
        ["silent: cancel_wait_timeout"] = () => InQuery((_, client) => client.Cancel(), "cancel_wait_timeout = 3"),
    };

    private static ErrorScene CancelSent() => InQuery((pooler, client) =>
    {
        client.Cancel();
        pooler.Until(() => pooler.Servers.Count == 2 && pooler.Servers[1].CancelKey is not null);
        pooler.Servers[1].Peer.Close();
    });

    private static ErrorScene Sending(byte[] bytes) => Session((_, console) => console.Send(bytes), "", "admin", "pgbouncer");

    private static ScriptedClient InAnotherZone(ScriptedPooler pooler)
    {
        var client = pooler.Connect();
        client.Send(writer => writer.WriteStartupMessage(new("user", "user"), new("database", "db"), new("TimeZone", "Europe/Vienna")));
        client.Expect("Z");
        client.Query("select 1");
        return client;
    }

    private static bool ShutDown(ScriptedPooler pooler, ShutdownMode mode)
    {
        pooler.Root.Tell(new ShutdownRequested(mode), ActorRefs.NoSender);
        pooler.Settle();
        return true;
    }
}
