using System.Buffers.Binary;
using System.Globalization;
using Pooler.Actors.Transport.Simulation;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Simulation;

/// <summary>
/// What a scripted server says between the messages of its answers without having been asked: notices, notifications, values of parameters. Each has a number, so that
/// it is known who must have it, who may, and that nobody has it twice.
/// </summary>
internal sealed class Interruptions(SimulatedNetwork network)
{
    /// <summary>None of them has more bytes than this.</summary>
    internal const int LongestMessage = 80;

    private const int Header = 5;
    private const string Mark = "interruption-";

    // A setting that PostgreSQL reports and that the pooler does not track.
    private const string Setting = "in_hot_standby";

    private readonly List<Interruption> _all = [];

    /// <summary>One answer in this many has some; 0: none has.</summary>
    internal int OneIn { get; set; }

    /// <summary>What went wrong.</summary>
    internal List<string> Violations { get; } = [];

    /// <summary>Numbers given so far.</summary>
    internal int Count => _all.Count;

    /// <summary>Numbers that have been received.</summary>
    internal int Received => _all.Count(one => one.IsReceived);

    /// <summary>Sends the messages of <paramref name="answer"/>, which are for <paramref name="client"/>; null: for the pooler itself.</summary>
    internal void Send(SimulatedPeer peer, int? client, ReadOnlySpan<byte> answer)
    {
        if (OneIn == 0 || network.Random(OneIn) > 0)
        {
            peer.Send(answer);
            return;
        }

        using var writer = new MessageWriter();
        for (var left = answer; left.Length > 0;)
        {
            if (network.Random(4) == 0)
            {
                Write(writer, client, network.Random(3));
            }

            var total = 1 + BinaryPrimitives.ReadInt32BigEndian(left[1..]);
            writer.AppendBytes(left[..total]);
            left = left[total..];
        }

        if (client is not null && network.Random(4) == 0)
        {
            // Behind the end of an answer it is for whoever has the session by then. Of notices, there are none in a session at rest.
            Write(writer, null, 1 + network.Random(2));
        }

        peer.Send(writer.Written);
    }

    /// <summary>True for the beginning of a message that may be one of these: it has to be seen whole.</summary>
    internal static bool IsLikely(byte type) =>
        type is BackendMessage.NoticeResponse or BackendMessage.NotificationResponse or BackendMessage.ParameterStatus;

    /// <summary>Notes that a client has received this message; false: it is none of these.</summary>
    internal bool TryTake(ReadOnlySpan<byte> message, int client)
    {
        var text = WireText.Decode(message[Header..]);
        var start = text.IndexOf(Mark, StringComparison.Ordinal);
        if (start < 0)
        {
            return false;
        }

        // One that was cut off with its server may have other bytes in place of its end.
        start += Mark.Length;
        var end = text.IndexOf('.', start);
        if (end < 0 || !int.TryParse(text.AsSpan(start, end - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !message.SequenceEqual(_all[number].Message))
        {
            return false;
        }

        var one = _all[number];
        if (one.IsReceived)
        {
            Violations.Add($"client {client} receives the interruption {number} that client {one.Receiver} has had");
        }
        else if (one.Client is { } owner && owner != client)
        {
            Violations.Add($"client {client} receives the interruption {number} of client {owner}");
        }

        one.Receiver = client;
        return true;
    }

    /// <summary>How many of a client's it has not received; all must have come when its answers have.</summary>
    internal int Missing(int client) => _all.Count(one => one.Client == client && !one.IsReceived);

    private void Write(MessageWriter writer, int? client, int kind)
    {
        var start = writer.Length;
        var number = _all.Count;
        var text = $"{Mark}{number}.";
        switch (kind)
        {
            case 0:
                writer.WriteNoticeResponse(text);
                break;
            case 1:
                writer.BeginMessage(BackendMessage.NotificationResponse);
                writer.AppendInt32(number);
                writer.AppendCString("channel");
                writer.AppendCString(text);
                writer.EndMessage();
                break;
            default:
                writer.WriteParameterStatus(Setting, text);
                break;
        }

        _all.Add(new Interruption { Client = client, Message = writer.Written[start..].ToArray() });
    }

    private sealed class Interruption
    {
        /// <summary>In whose answer it stands; null: in one to the pooler, or in none.</summary>
        internal int? Client { get; init; }

        internal required byte[] Message { get; init; }

        internal int? Receiver { get; set; }

        internal bool IsReceived => Receiver is not null;
    }
}
