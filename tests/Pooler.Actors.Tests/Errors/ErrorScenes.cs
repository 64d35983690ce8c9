using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Tests.Supervision;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Errors;

/// <summary>For every text of errors.tsv the shortest way to it. This part: what the scenes share.</summary>
internal static partial class ErrorScenes
{
    private const string Md5Secret = "password=md50123456789abcdef0123456789abcdef";

    public static IReadOnlyDictionary<string, Func<ErrorScene>> All { get; } =
        new[] { Logins(), ServerLogins(), Sessions(), Console(), Silent(), Servers(), Replication() }.SelectMany(part => part).ToDictionary();

    /// <summary>A client says this first.</summary>
    private static ErrorScene First(byte[] bytes, string settings = "")
    {
        var pooler = new ScriptedPooler(settings);
        var client = pooler.Connect();
        client.Send(bytes);
        return new ErrorScene(pooler, client);
    }

    /// <summary>A client's startup packet with these parameters, as one text with a blank for each NUL.</summary>
    private static ErrorScene Startup(string parameters, string settings = "") => First(Packet(ProtocolCode.Version3, parameters), settings);

    /// <summary>A client that is asked for its password says this instead.</summary>
    private static ErrorScene Answering(string authType, Action<ScriptedClient> answer)
    {
        var scene = Startup("user user database db  ", "auth_type = " + authType);
        scene.Client!.Expect("R");
        answer(scene.Client);
        return scene;
    }

    /// <summary>A client that waits for the pool's first server, which meets its login like this.</summary>
    private static ErrorScene ServerMeets(Action<ScriptedServer> login, string databases = "db = host=10.0.0.1 user=bob password=secret")
    {
        var pooler = new ScriptedPooler("", databases) { OnLogin = login };
        var client = pooler.Connect();
        client.SendStartup();
        return new ErrorScene(pooler, client);
    }

    /// <summary>A logged-in client and what it does.</summary>
    private static ErrorScene Session(Action<ScriptedPooler, ScriptedClient> act, string settings = "", string user = "user", string database = "db")
    {
        var pooler = new ScriptedPooler(settings);
        var client = pooler.Login(user, database);
        client.Messages.Clear();
        act(pooler, client);
        return new ErrorScene(pooler, client);
    }

    /// <summary>A client in a transaction that is idle.</summary>
    private static ErrorScene InTransaction(Action<ScriptedPooler, ScriptedClient> act, string settings = "") => Session(
        (pooler, client) =>
        {
            client.Run("begin", pooler.Servers[0], TransactionStatus.InTransaction);
            act(pooler, client);
        },
        settings);

    /// <summary>A client whose query has reached the server.</summary>
    private static ErrorScene InQuery(Action<ScriptedPooler, ScriptedClient> act, string settings = "") => Session(
        (pooler, client) =>
        {
            client.Query("select 1");
            pooler.Servers[0].Expect("Q");
            act(pooler, client);
        },
        settings);

    /// <summary>A client behind one that keeps the only server.</summary>
    private static ErrorScene Waiting(string settings)
    {
        var scene = InTransaction((_, _) => { }, "default_pool_size = 1\n" + settings);
        var waiter = scene.Pooler.Login();
        waiter.Messages.Clear();
        waiter.Query("select 2");
        return scene with { Client = waiter };
    }

    private static ErrorScene OnConsole(string command, string user = "admin") => Session((_, console) => console.Query(command), "", user, "pgbouncer");

    private static void Terminate(ScriptedClient client) => client.Send(writer => writer.WriteTerminate());

    private static byte[] Packet(int code, string body)
    {
        var bytes = new byte[8 + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), code);
        Encoding.Latin1.GetBytes(body.Replace(' ', '\0')).CopyTo(bytes, 8);
        return bytes;
    }
}
