using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Admin;
using Pooler.Actors.Wire;
using Pooler.Testing.Protocol;

namespace Pooler.Actors.Tests.Admin;

/// <summary>The extended query protocol of the console, message by message, over the sample tables.</summary>
public sealed class ExtendedDialogueTests
{
    private readonly ConsoleDialogue _dialogue = new();
    private readonly MessageWriter _writer = new();
    private readonly List<string> _refused = [];
    private byte[] _sent = [];

    [Fact]
    public void A_command_is_parsed_bound_described_and_executed()
    {
        _writer.WriteParse("", "SHOW STATE");
        _writer.WriteBind("", "");
        _writer.WriteDescribePortal("");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(["1", "2", "T", "D active=yes", "D paused=no", "D suspended=no", "C SHOW", "Z I"], Send());
    }

    [Fact]
    public void A_prepared_query_runs_again_with_other_values()
    {
        _writer.WriteParse("q", "SELECT id FROM clients WHERE state = $1 AND id > $2");
        _writer.WriteDescribeStatement("q");
        _writer.WriteSync();
        Assert.Equal(["1", "t 25 23", "T", "Z I"], Send());

        _writer.WriteBind("", "q", "waiting", "0");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(["2", "D 3", "C SELECT 1", "Z I"], Send());

        _writer.WriteBind("", "q", "active", "0");
        _writer.WriteExecute("");
        _writer.WriteBind("p", "q", "active", null);
        _writer.WriteExecute("p");
        _writer.WriteSync();
        Assert.Equal(["2", "D 1", "C SELECT 1", "2", "C SELECT 0", "Z I"], Send());
    }

    [Fact]
    public void Rows_can_be_fetched_in_parts()
    {
        _writer.WriteParse("", "SELECT id FROM clients");
        _writer.WriteBind("", "");
        _writer.WriteExecute("", 2);
        _writer.WriteExecute("", 1);
        _writer.WriteExecute("", 1);
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(
            ["1", "2", "D 1", "D 2", "s", "D 3", "s", "C SELECT 0", "E ERROR 55000 portal \"\" cannot be run", "Z I"], Send());
    }

    [Fact]
    public void Portals_end_with_sync_unless_a_transaction_is_open()
    {
        _writer.WriteParse("q", "SELECT id FROM clients");
        _writer.WriteBind("p", "q");
        _writer.WriteExecute("p", 1);
        _writer.WriteSync();
        _writer.WriteExecute("p", 1);
        _writer.WriteSync();
        Assert.Equal(["1", "2", "D 1", "s", "Z I", "E ERROR 34000 portal \"p\" does not exist", "Z I"], Send());

        _writer.WriteQuery("BEGIN");
        _writer.WriteBind("p", "q");
        _writer.WriteExecute("p", 1);
        _writer.WriteSync();
        _writer.WriteExecute("p", 2);
        _writer.WriteSync();
        _writer.WriteQuery("COMMIT");
        Assert.Equal(["C BEGIN", "Z T", "2", "D 1", "s", "Z T", "D 2", "D 3", "s", "Z T", "C COMMIT", "Z I"], Send());
    }

    [Fact]
    public void After_an_error_everything_up_to_sync_is_passed_over()
    {
        _writer.WriteParse("", "SELECT foo FROM clients");
        _writer.WriteBind("", "");
        _writer.WriteExecute("");
        _writer.WriteQuery("SHOW STATE");
        _writer.WriteFlush();
        _writer.WriteSync();
        _writer.WriteQuery("SHOW VERSION");
        Assert.Equal(["E ERROR 42703 column \"foo\" does not exist", "Z I", "T", $"D {PoolerVersion.Text}", "C SHOW", "Z I"], Send());
        Assert.Equal(["column \"foo\" does not exist"], _refused);
    }

    [Fact]
    public void An_error_of_the_command_is_an_error_of_execute()
    {
        _writer.WriteParse("", "RESUME");
        _writer.WriteDescribeStatement("");
        _writer.WriteBind("", "");
        _writer.WriteExecute("");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(["1", "t", "n", "2", "E ERROR 08P01 admin access needed", "Z I"], Send());
    }

    [Theory]
    [InlineData("", "I")]
    [InlineData(";", "I")]
    [InlineData("-- ping", "I")]
    public void A_text_without_a_command_is_empty(string text, string answer)
    {
        _writer.WriteParse("", text);
        _writer.WriteBind("", "");
        _writer.WriteDescribePortal("");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(["1", "2", "n", answer, "Z I"], Send());
    }

    [Fact]
    public void Statements_have_names_and_can_be_closed()
    {
        _writer.WriteParse("a", "SHOW STATE");
        _writer.WriteSync();
        _writer.WriteParse("a", "SHOW VERSION");
        _writer.WriteSync();
        _writer.WriteCloseStatement("a");
        _writer.WriteCloseStatement("a");
        _writer.WriteParse("a", "SHOW VERSION");
        _writer.WriteSync();
        _writer.WriteBind("", "b");
        _writer.WriteSync();
        _writer.WriteDescribeStatement("");
        _writer.WriteSync();
        Assert.Equal(
            [
                "1", "Z I", "E ERROR 42P05 prepared statement \"a\" already exists", "Z I", "3", "3", "1", "Z I",
                "E ERROR 26000 prepared statement \"b\" does not exist", "Z I", "E ERROR 26000 unnamed prepared statement does not exist", "Z I",
            ],
            Send());
    }

    [Fact]
    public void A_simple_query_ends_the_unnamed_statement()
    {
        _writer.WriteParse("", "SHOW STATE");
        _writer.WriteSync();
        _writer.WriteQuery("DISCARD TEMP");
        _writer.WriteBind("", "");
        _writer.WriteSync();
        Assert.Equal(["1", "Z I", "C DISCARD TEMP", "Z I", "E ERROR 26000 unnamed prepared statement does not exist", "Z I"], Send());
    }

    [Theory]
    [InlineData("DISCARD ALL", "C DISCARD ALL")]
    [InlineData("DEALLOCATE ALL", "C DEALLOCATE ALL")]
    [InlineData("DEALLOCATE PREPARE a", "C DEALLOCATE")]
    [InlineData("DEALLOCATE \"a\"; CLOSE ALL", "C DEALLOCATE")]
    public void Statements_can_be_dropped_by_a_query(string text, string tag)
    {
        _writer.WriteParse("a", "SHOW STATE");
        _writer.WriteSync();
        _writer.WriteQuery(text);
        _writer.WriteBind("", "a");
        _writer.WriteSync();
        List<string> output = Send();
        Assert.Equal(tag, output[2]);
        Assert.Equal(["E ERROR 26000 prepared statement \"a\" does not exist", "Z I"], output[^2..]);
    }

    [Fact]
    public void What_is_not_there_cannot_be_dropped()
    {
        _writer.WriteQuery("DEALLOCATE a");
        _writer.WriteQuery("BEGIN; DEALLOCATE a; COMMIT");
        Assert.Equal(
            [
                "E ERROR 26000 prepared statement \"a\" does not exist", "Z I",
                "C BEGIN", "E ERROR 26000 prepared statement \"a\" does not exist", "Z T",
            ],
            Send());
    }

    [Fact]
    public void Results_come_in_binary_where_that_is_asked_for()
    {
        _writer.WriteParse("", "SELECT id, sum(port), avg(port), state FROM clients WHERE id = 1 GROUP BY id, state");
        _writer.WriteRaw(BindMessage([], [], [1]));
        _writer.WriteDescribePortal("");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Send();
        string output = Encoding.Latin1.GetString(_sent);
        Assert.Contains("\0\u0004\0\0\0\u0004\0\0\0\u0001\0\0\0\u0008\0\0\0\0\0\0\u0013\u0088", output, StringComparison.Ordinal);
        Assert.Contains("\0\0\0\u0006active", output, StringComparison.Ordinal);

        // 5000.0000000000000000: one group of four digits, weight 0, plus sign, scale 16.
        Assert.Contains("\0\0\0\u000a\0\u0001\0\0\0\0\0\u0010\u0013\u0088", output, StringComparison.Ordinal);
        Assert.Equal(4, output.Split("\u00ff\u00ff\u00ff\u00ff\0\u0001").Length - 1);
    }

    [Fact]
    public void Parameters_come_in_text_and_binary()
    {
        _writer.WriteParse("", "SELECT id FROM clients WHERE id >= $1 AND id < $2 AND state <> $3", 0, PostgresTypes.Int8, 0);
        byte[] three = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(three, 3);
        _writer.WriteRaw(BindMessage([0, 1, 1], [Encoding.ASCII.GetBytes("1"), three, Encoding.ASCII.GetBytes("active")], []));
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(["1", "2", "D 2", "C SELECT 1", "Z I"], Send());
    }

    [Theory]
    [InlineData(1, "\0\u0001", "22P03", "incorrect binary data format in bind parameter 1")]
    [InlineData(0, "x", "22P02", "invalid input syntax for type integer: \"x\"")]
    [InlineData(2, "1", "22023", "unsupported format code: 2")]
    public void Bad_values_are_refused(short format, string value, string sqlState, string text)
    {
        _writer.WriteParse("", "SELECT id FROM clients WHERE id = $1");
        _writer.WriteRaw(BindMessage([format], [Encoding.Latin1.GetBytes(value)], []));
        _writer.WriteSync();
        Assert.Equal(["1", $"E ERROR {sqlState} {text}", "Z I"], Send());
    }

    [Fact]
    public void The_number_of_values_must_fit()
    {
        _writer.WriteParse("q", "SELECT id FROM clients WHERE id = $1");
        _writer.WriteBind("", "q");
        _writer.WriteSync();
        _writer.WriteRaw(BindMessage([], [[(byte)'1']], [0, 0], "q"));
        _writer.WriteSync();
        _writer.WriteParse("", "SELECT id FROM clients LIMIT $1");
        _writer.WriteBind("", "", "-1");
        _writer.WriteExecute("");
        _writer.WriteSync();
        Assert.Equal(
            [
                "1", "E ERROR 08P01 bind message supplies 0 parameters, but prepared statement \"q\" requires 1", "Z I",
                "E ERROR 08P01 bind message has 2 formats for 1 values", "Z I", "1", "2", "E ERROR 2201W LIMIT must not be negative", "Z I",
            ],
            Send());
    }

    [Fact]
    public void What_a_session_keeps_is_limited()
    {
        for (int i = 0; i <= ExtendedDialogue.MaxPrepared; i++)
            _writer.WriteParse("s" + i, "SHOW STATE");
        _writer.WriteSync();
        List<string> output = Send();
        Assert.Equal(ExtendedDialogue.MaxPrepared, output.Count(message => message == "1"));
        Assert.Equal("E ERROR 54000 too many prepared statements and portals in this console session", output[^2]);

        _writer.WriteQuery("DISCARD ALL");
        string text = "SHOW STATE -- " + new string('x', 60000);
        for (int i = 0; i < 20; i++)
            _writer.WriteParse("s" + i, text);
        _writer.WriteSync();
        Assert.Equal(ExtendedDialogue.MaxPreparedBytes / (2 * 60000), Send().Count(message => message == "1"));
    }

    [Theory]
    [InlineData('P', "")]
    [InlineData('P', "a\0b")]
    [InlineData('P', "a\0b\0\0\u0002\0\0\0\0")]
    [InlineData('B', "a\0")]
    [InlineData('D', "X\0")]
    [InlineData('C', "S")]
    [InlineData('E', "\0\0\0")]
    public void A_broken_message_ends_the_session(char type, string body)
    {
        _dialogue.Receive(FrontendMessages.Message(type, Encoding.Latin1.GetBytes(body)));
        Assert.Equal(new DialogueStep(DialogueStepKind.Broken, "bad packet"), _dialogue.Next());
        Assert.Equal(["E FATAL 08P01 bad packet"], Messages.Read(_dialogue.Output.Written));
    }

    [Fact]
    public void A_prepared_command_that_waits_holds_up_what_follows()
    {
        _writer.WriteParse("", "PAUSE");
        _writer.WriteBind("", "");
        _writer.WriteExecute("");
        _writer.WriteSync();
        _dialogue.Receive(_writer.Written);
        Assert.Equal("PAUSE", _dialogue.Next().Text);
        _dialogue.Answer(ConsoleReply.Waits, hasWaited: false);
        Assert.True(_dialogue.IsBusy);
        Assert.True(_dialogue.IsWaiting);
        Assert.Equal(DialogueStepKind.Nothing, _dialogue.Next().Kind);
        Assert.Equal(["1", "2"], Messages.Read(_dialogue.Output.Written));

        _dialogue.Answer(ConsoleReply.Done("PAUSE"), hasWaited: false);
        Assert.False(_dialogue.IsWaiting);
        Assert.Equal(DialogueStepKind.Nothing, _dialogue.Next().Kind);
        Assert.Equal(["1", "2", "C PAUSE", "Z I"], Messages.Read(_dialogue.Output.Written));
    }

    [Fact]
    public void Types_can_be_loaded()
    {
        _writer.WriteQuery("""
            SELECT version();

            SELECT ns.nspname, t.oid, t.typname, t.typtype, t.typnotnull, t.elemtypoid
            FROM (SELECT typ.oid, CASE WHEN proc.proname='array_recv' THEN 'a' ELSE typ.typtype END AS typtype FROM pg_type AS typ) AS t
            JOIN pg_namespace AS ns ON (ns.oid = typnamespace) WHERE typtype IN ('b', 'r') OR typcategory = 'U';

            -- Load field definitions for composite types
            SELECT typ.oid, att.attname, att.atttypid FROM pg_type AS typ JOIN pg_attribute AS att ON (att.attrelid = typ.typrelid);
            SELECT typ.oid, enumlabel FROM pg_enum JOIN pg_type AS typ ON typ.oid = enumtypid
            """);
        List<string> output = Send();
        Assert.Equal(["T", $"D {PoolerVersion.Text}", "C SELECT 1", "T"], output[..4]);
        Assert.Contains("D pg_catalog=25=text=b=f=(null)", output);
        Assert.Equal(["C SELECT 16", "T", "C SELECT 0", "T", "C SELECT 0", "Z I"], output[^6..]);
    }

    [Fact]
    public void Psql_describes_columns_by_a_query()
    {
        const string Query = """
            SELECT name AS "Column", pg_catalog.format_type(tp, tpm) AS "Type"
            FROM (VALUES ('a', '25'::pg_catalog.oid, -1),('it''s', '1700'::pg_catalog.oid, 4)) s(name, tp, tpm)
            """;
        _writer.WriteQuery(Query);
        _writer.WriteQuery(Query.Replace("tpm)", "tpm) x", StringComparison.Ordinal));
        List<string> output = Send();
        Assert.Equal(["T", "D a=text", "D it's=numeric", "C SELECT 2", "Z I"], output[..5]);
        Assert.StartsWith("E ERROR 08P01 invalid command", output[5], StringComparison.Ordinal);
    }

    private static byte[] BindMessage(short[] formats, byte[][] values, short[] resultFormats, string statement = "")
    {
        List<byte> body = [0, .. Encoding.UTF8.GetBytes(statement), 0, .. Int16((short)formats.Length), .. formats.SelectMany(Int16), .. Int16((short)values.Length)];
        foreach (byte[] value in values)
            body.AddRange([0, 0, .. Int16((short)value.Length), .. value]);
        body.AddRange([.. Int16((short)resultFormats.Length), .. resultFormats.SelectMany(Int16)]);
        return FrontendMessages.Message('B', [.. body]);
    }

    private static byte[] Int16(short value) => [(byte)(value >> 8), (byte)value];

    // Sends what was written, runs what is to be run, and gives the answers.
    private List<string> Send()
    {
        _dialogue.Output.Reset();
        _dialogue.Receive(_writer.Written);
        _writer.Reset();
        while (_dialogue.Next() is { Kind: not DialogueStepKind.Nothing } step)
        {
            if (step.Kind == DialogueStepKind.Refused)
            {
                _refused.Add(step.Text);
                continue;
            }

            Assert.Equal(DialogueStepKind.Run, step.Kind);
            var host = Samples.Host();
            if (step.Request is { } request)
                CommandTable.Run(host, 1, AdminRights.ReadOnly, request.Statement, request.Parameters);
            else
                CommandTable.Run(host, 1, AdminRights.ReadOnly, step.Text);
            _dialogue.Answer(host.LastReply!, hasWaited: false);
        }

        _sent = _dialogue.Output.Written.ToArray();
        return ExtendedMessages.ReadAll(_sent);
    }
}
