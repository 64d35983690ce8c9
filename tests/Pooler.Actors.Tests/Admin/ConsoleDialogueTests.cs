using System.Buffers.Binary;
using System.Text;
using Pooler.Actors.Admin;

namespace Pooler.Actors.Tests.Admin;

public sealed class ConsoleDialogueTests
{
    private readonly ConsoleDialogue _dialogue = new();

    [Fact]
    public void A_query_may_arrive_split_anywhere()
    {
        byte[] bytes = [.. Query("SHOW POOLS"), .. Query("SHOW VERSION;")];
        for (int split = 0; split <= bytes.Length; split++)
        {
            var dialogue = new ConsoleDialogue();
            List<string> commands = [];
            foreach (byte[] part in new[] { bytes[..split], bytes[split..] })
            {
                dialogue.Receive(part);
                while (dialogue.Next() is { Kind: DialogueStepKind.Run } step)
                {
                    commands.Add(step.Text);
                    dialogue.Answer(ConsoleReply.Done("SHOW"), hasWaited: false);
                }
            }

            Assert.Equal(["SHOW POOLS", "SHOW VERSION;"], commands);
        }
    }

    [Fact]
    public void A_query_may_arrive_byte_by_byte()
    {
        byte[] bytes = Query("SHOW STATE");
        foreach (byte one in bytes[..^1])
        {
            _dialogue.Receive([one]);
            Assert.Equal(DialogueStepKind.Nothing, _dialogue.Next().Kind);
        }

        _dialogue.Receive(bytes[^1..]);
        Assert.Equal(new DialogueStep(DialogueStepKind.Run, "SHOW STATE"), _dialogue.Next());
    }

    [Fact]
    public void One_command_runs_at_a_time()
    {
        _dialogue.Receive([.. Query("a"), .. Query("b")]);
        Assert.Equal("a", _dialogue.Next().Text);
        Assert.Equal(DialogueStepKind.Nothing, _dialogue.Next().Kind);
        Assert.True(_dialogue.IsBusy);
        _dialogue.Answer(ConsoleReply.Done("A"), hasWaited: false);
        Assert.Equal("b", _dialogue.Next().Text);
    }

    [Fact]
    public void A_command_that_waits_lets_others_pass()
    {
        _dialogue.Receive([.. Query("PAUSE"), .. Query("SHOW STATE")]);
        Assert.Equal("PAUSE", _dialogue.Next().Text);
        _dialogue.Answer(ConsoleReply.Waits, hasWaited: false);
        Assert.Empty(Output());
        Assert.Equal("SHOW STATE", _dialogue.Next().Text);

        // The pause ends while the other command runs, which stays the one that is run.
        _dialogue.Answer(ConsoleReply.Done("PAUSE"), hasWaited: true);
        Assert.True(_dialogue.IsBusy);
        _dialogue.Answer(ConsoleReply.Done("SHOW"), hasWaited: false);
        Assert.Equal(["C PAUSE", "Z I", "C SHOW", "Z I"], Output());
    }

    [Fact]
    public void An_error_is_followed_by_ready()
    {
        _dialogue.Receive(Query("x"));
        _dialogue.Next();
        _dialogue.Answer(ConsoleReply.Error("bad arguments"), hasWaited: false);
        Assert.Equal("E\0\0\0\"SERROR\0C08P01\0Mbad arguments\0\0Z\0\0\0\u0005I", Encoding.Latin1.GetString(_dialogue.Output.Written));
    }

    [Fact]
    public void A_result_has_description_rows_tag_and_ready()
    {
        _dialogue.Receive(Query("x"));
        _dialogue.Next();
        _dialogue.Answer(ConsoleReply.Rows(new ResultTable(ResultTable.Text("version")).Add("PgBouncer 1.18.0")), hasWaited: false);
        Assert.Equal(
            "T\0\0\0 \0\u0001version\0\0\0\0\0\0\0\0\0\0\u0019\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\0\0"
            + "D\0\0\0\u001a\0\u0001\0\0\0\u0010PgBouncer 1.18.0C\0\0\0\tSHOW\0Z\0\0\0\u0005I",
            Encoding.Latin1.GetString(_dialogue.Output.Written));
    }

    [Fact]
    public void A_notice_comes_before_the_tag()
    {
        _dialogue.Receive(Query("x"));
        _dialogue.Next();
        _dialogue.Answer(ConsoleReply.Done("SET") with { Notice = "SET ignored" }, hasWaited: false);
        Assert.Equal("N\0\0\0!SNOTICE\0C00000\0MSET ignored\0\0C\0\0\0\bSET\0Z\0\0\0\u0005I", Encoding.Latin1.GetString(_dialogue.Output.Written));
    }

    [Fact]
    public void A_function_call_ends_the_session()
    {
        _dialogue.Receive(Message((byte)'F', []));
        AssertRefused("unsupported packet type for admin console: 70");
    }

    [Theory]
    [InlineData('d')]
    [InlineData('c')]
    [InlineData('f')]
    public void Copy_messages_are_swallowed(char type)
    {
        _dialogue.Receive([.. Message((byte)type, [1, 2, 0]), .. Query("a")]);
        Assert.Equal("a", _dialogue.Next().Text);
        Assert.Empty(Output());
    }

    [Fact]
    public void Terminate_ends_the_session_silently()
    {
        _dialogue.Receive(Message((byte)'X', []));
        Assert.Equal(DialogueStepKind.Terminated, _dialogue.Next().Kind);
        Assert.Empty(Output());
    }

    [Theory]
    [InlineData("y\0\0\0\u0004", "unknown pkt")]
    [InlineData("p\0\0\0\u0004", "unknown pkt")]
    [InlineData("Q\0\0\0\u0005a", "incomplete query")]
    [InlineData("Q\0\0\0\u0003", "bad packet header: '5100000003'")]
    [InlineData("Q\u00ff\0\0\u0003abcdef", "bad packet header: '51ff000003616263'")]
    [InlineData("Q\0\u0002\0\0abcdef", "incomplete pkt")]
    public void Broken_input_ends_the_session(string bytes, string error)
    {
        _dialogue.Receive(Encoding.Latin1.GetBytes(bytes));
        Assert.Equal(new DialogueStep(DialogueStepKind.Broken, error), _dialogue.Next());
        Assert.Equal(["E FATAL 08P01 " + error], Output());
    }

    [Fact]
    public void Broken_input_waits_for_the_answer_before_it()
    {
        _dialogue.Receive([.. Query("a"), .. Message((byte)'y', [])]);
        Assert.Equal(DialogueStepKind.Run, _dialogue.Next().Kind);
        Assert.Equal(DialogueStepKind.Nothing, _dialogue.Next().Kind);
        _dialogue.Answer(ConsoleReply.Done("A"), hasWaited: false);
        Assert.Equal(DialogueStepKind.Broken, _dialogue.Next().Kind);
        Assert.Equal(["C A", "Z I", "E FATAL 08P01 unknown pkt"], Output());
    }

    [Fact]
    public void Bytes_that_are_not_utf8_come_back_as_they_were()
    {
        _dialogue.Receive(Message((byte)'Q', [0xe9, 0xff, 0]));
        string text = _dialogue.Next().Text;
        _dialogue.Answer(ConsoleReply.Error(text), hasWaited: false);
        Assert.Contains("M\u00e9\u00ff\0", Encoding.Latin1.GetString(_dialogue.Output.Written), StringComparison.Ordinal);
    }

    [Fact]
    public void The_longest_message_is_still_taken()
    {
        _dialogue.Receive(Query(new string('a', ConsoleDialogue.MaxMessage - 6)));
        Assert.Equal(DialogueStepKind.Run, _dialogue.Next().Kind);
    }

    private static byte[] Query(string text) => Message((byte)'Q', [.. Encoding.UTF8.GetBytes(text), 0]);

    private static byte[] Message(byte type, byte[] body)
    {
        byte[] message = new byte[5 + body.Length];
        message[0] = type;
        BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), 4 + body.Length);
        body.CopyTo(message, 5);
        return message;
    }

    private void AssertRefused(string error)
    {
        Assert.Equal(new DialogueStep(DialogueStepKind.Refused, error), _dialogue.Next());
        Assert.Equal(new DialogueStep(DialogueStepKind.Broken, "bad packet"), _dialogue.Next());
        Assert.Equal(["E ERROR 08P01 " + error, "Z I", "E FATAL 08P01 bad packet"], Output());
    }

    private List<string> Output() => Messages.Read(_dialogue.Output.Written);
}
