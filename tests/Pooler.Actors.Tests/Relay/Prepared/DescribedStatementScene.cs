using System.Text;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Tests.Relay.Prepared;

/// <summary>Statements whose results clients were told of, and what these become.</summary>
public abstract class DescribedStatementScene : StatementRelayScene
{
    private protected const string Text = "select * from t";
    private protected const string NoStatement = "SERROR\0C26000\0Mno such statement\0\0";
    private protected static readonly byte[] RefusedBind = Frame('B', "\0PGBOUNCER_outdated\0\0\0\0\0\0\0");
    private protected static readonly byte[] Old = Columns(("id", PostgresTypes.Int4));
    private protected static readonly byte[] Longer = Columns(("id", PostgresTypes.Int4), ("more", PostgresTypes.Text));
    private protected static readonly byte[] Other = Columns(("id", PostgresTypes.Int8));

    private protected static byte[][] Asked => [Close("PGBOUNCER_1"), .. AskedFirst];

    /// <summary>The same of a server that does not know the statement yet.</summary>
    private protected static byte[][] AskedFirst => [Parse("PGBOUNCER_1", Text), Describe("PGBOUNCER_1")];

    private protected static void AssertRefused(Client client, string behind) => AssertRefused(client, "", behind);

    private protected static void AssertRefused(Client client, string before, string behind)
    {
        var sent = Encoding.Latin1.GetString(client.Connection.Sent);
        Assert.DoesNotContain("26000", sent, StringComparison.Ordinal);
        Assert.Contains("C0A000\0Mcached plan must not change result type\0", sent, StringComparison.Ordinal);
        Assert.Equal(before + "E" + behind, client.Types());
    }

    /// <summary>The use of a statement that was held up to ask for its columns is refused, now that they are others; <paramref name="before"/>: what the client has got before.</summary>
    private protected void AssertHeldIsRefused(Client client, Server server, string before = "")
    {
        SendAgain(client, server, Bind("a"), Execute, Sync);
        Assert.Equal([RefusedBind, Execute, Sync], server.Received());
        Answer(client, server, "E:" + NoStatement, "Z");
        AssertRefused(client, before, "Z");
    }

    private protected static byte[] Columns(params (string Name, int Type)[] columns)
    {
        MessageWriter writer = new();
        writer.WriteRowDescription([.. columns.Select(column => new ColumnDescription(column.Name, column.Type))]);
        return writer.Written.ToArray();
    }

    private protected static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];

    private protected void PrepareAndDescribe(Client client, Server server, string name)
    {
        Send(client, server, Parse(name, Text), Describe(name), Sync);
        Answer(client, server, Join(Messages("1", "t:"), Old, Messages("Z")));
        Assert.Equal("1tTZ", client.Types());
        server.Received();
    }

    private protected void UseAsOther(Client client, Server server) => UseAs(client, server, Other);

    /// <summary>Another client gets this result of the same text, and the server keeps the plan for that.</summary>
    private protected void UseAs(Client client, Server server, byte[] shape)
    {
        Send(client, server, Parse("theirs", Text), Describe("theirs"), Sync);
        Answer(client, server, Join(Messages("t:", "E:" + Changed, "Z", "3", "1", "t:"), shape, Messages("Z")));
        Assert.Equal("1tTZ", client.Types());
        server.Received();
    }
}
