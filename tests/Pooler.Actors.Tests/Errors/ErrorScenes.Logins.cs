using Akka.Actor;
using Pooler.Actors.Admin;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Errors;

/// <content>From the first byte of a client to its first ReadyForQuery, and logins to servers.</content>
internal static partial class ErrorScenes
{
    private static Dictionary<string, Func<ErrorScene>> Logins() => new()
    {
        ["startup: bad packet header: '<hex of up to 8 bytes>'"] = () => First([0, 0, 0, 8, 0, 0, 0, 1]),
        ["startup: received unencrypted data after SSL request"] = () => First([.. Packet(ProtocolCode.SslRequest, ""), 1]),
        ["startup: received unencrypted data after GSSAPI encryption request"] = () => First([.. Packet(ProtocolCode.GssEncRequest, ""), 1]),
        ["startup: old V2 protocol not supported"] = () => First(Packet(ProtocolCode.Version2, "user user  ")),
        ["startup: client re-sent startup pkt"] = () => Answering("plain", client => client.SendStartup()),
        ["startup: client password pkt before startup packet"] = () => First(ScriptedPeer.Frame('p', "secret\0")),
        ["startup: unsupported startup parameter: <name>"] = () => Startup("user user geqo off  "),
        ["startup: unsupported startup parameter in options: <name>"] = () => Startup("user user options --geqo=off  "),
        ["startup: unsupported options startup parameter: only '-c config=val' and '--config=val' are allowed"] = () => Startup("user user options -x  "),
        ["startup: invalid startup packet layout: expected terminator as last byte"] = () => Startup("user user  x"),
        ["startup: no username supplied"] = () => Startup("database db  "),
        ["startup: no more connections allowed (max_client_conn)"] = () => Session((_, _) => { }, "max_client_conn = 1") is var scene
            ? scene with { Client = Late(scene.Pooler) }
            : null!,
        ["startup: client connections exceeded (max_db_client_connections)"] = () => Session((_, _) => { }, "max_db_client_connections = 1") is var scene
            ? scene with { Client = Late(scene.Pooler) }
            : null!,
        ["startup: client connections exceeded (max_user_client_connections)"] = () => Session((_, _) => { }, "max_user_client_connections = 1") is var scene
            ? scene with { Client = Late(scene.Pooler) }
            : null!,
        ["startup: username too long"] = () => Startup($"user {new string('x', 128)} database db  "),
        ["auth: \"trust\" authentication failed"] = () => Startup("user nobody database db  "),
        ["auth: password authentication failed"] = () => Answering("plain", client => client.Send(ScriptedPeer.Frame('p', "wrong\0"))),
        ["auth: SASL authentication failed"] = () => Answering("scram-sha-256", client => client.Send(writer => writer.WriteSASLInitialResponse("SCRAM-SHA-256", "x"u8))),
        ["auth: client selected an invalid SASL authentication mechanism"] = () =>
            Answering("scram-sha-256", client => client.Send(writer => writer.WriteSASLInitialResponse("SCRAM-SHA-256-PLUS", "x"u8))),
        ["auth: empty password returned by client"] = () => Answering("plain", client => client.Send(ScriptedPeer.Frame('p', "\0"))),
        ["auth: not allowed"] = () => Startup("user user database pgbouncer  "),
        ["auth: bouncer config error"] = () => Startup("user user database db  ", "auth_type = any"),
        ["login-end: no such database: <name>"] = () => Startup("user user database nowhere  "),
        ["login-end: pooler is shutting down"] = () =>
        {
            var pooler = new ScriptedPooler();
            _ = pooler.Login();
            var late = pooler.Connect();
            pooler.Settle();
            pooler.Root.Tell(new ShutdownRequested(ShutdownMode.WaitForClients), ActorRefs.NoSender);
            pooler.Settle();
            late.SendStartup();
            return new ErrorScene(pooler, late);
        },
        ["login-end: client_login_timeout"] = () => Startup("user user database db  ", "auth_type = plain\nclient_login_timeout = 3") is var scene && scene.Client!.Expect("R").Length > 0
            ? scene
            : null!,
        ["login-end: client_login_timeout (server down)"] = () =>
        {
            var pooler = new ScriptedPooler("client_login_timeout = 3");
            pooler.RefuseConnections();
            return new ErrorScene(pooler, Late(pooler));
        },
    };

    private static Dictionary<string, Func<ErrorScene>> ServerLogins() => new()
    {
        ["server-login: <server error text>"] = () => ServerMeets(server => server.Send(writer => writer.WriteFatal("no pg_hba.conf entry", "28000"))),
        ["server-login: server login failed: wrong password type"] = () =>
            ServerMeets(server => server.Send(writer => writer.WriteAuthenticationSASL("SCRAM-SHA-256")), "db = host=10.0.0.1 user=bob " + Md5Secret),
        ["server-login: server login failed: failed to verify server signature"] = () => ServerMeets(server => server.Send(writer =>
        {
            writer.WriteAuthenticationSASL("SCRAM-SHA-256");
            writer.WriteAuthenticationOk();
        })),
        ["server-login: server login failed: invalid server signature"] = () =>
        {
            var scene = ServerMeets(server => server.Send(writer => writer.WriteAuthenticationSASL("SCRAM-SHA-256")));
            scene.Pooler.Until(() => scene.Pooler.Servers.Count == 1);
            var server = scene.Pooler.Servers[0];
            var first = server.Expect("p SCRAM");
            var nonce = first[(first.IndexOf("r=", StringComparison.Ordinal) + 2)..];
            server.Send(writer => writer.WriteAuthenticationSASLContinue(WireText.Encode($"r={nonce}x,s=AAAAAAAAAAAAAAAAAAAAAA==,i=4096")));
            server.Expect("p c=");
            server.Send(writer => writer.WriteAuthenticationSASLFinal(WireText.Encode("v=" + Convert.ToBase64String(new byte[32]))));
            return scene;
        },
        ["server-login: server login failed: none of the server's SASL authentication mechanisms are supported"] = () =>
            ServerMeets(server => server.Send(writer => writer.WriteAuthenticationSASL("SCRAM-SHA-1"))),
        ["server-login: server login has been failing, cached error: <reason> (server_login_retry)"] = () => InQuery((pooler, _) =>
        {
            pooler.RefuseConnections();
            pooler.Servers[0].Peer.Reset();
            var other = pooler.Login();
            other.Query("select 2");
            pooler.RunFor(1);
        }) is var scene
            ? scene with { Client = Asking(scene.Pooler.Login()) }
            : null!,
    };

    private static ScriptedClient Late(ScriptedPooler pooler)
    {
        var client = pooler.Connect();
        client.SendStartup();
        return client;
    }

    private static ScriptedClient Asking(ScriptedClient client)
    {
        client.Messages.Clear();
        client.Query("select 3");
        return client;
    }
}
