using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Testing.Fuzzing;

/// <summary>Does to what a client or a server said all that can go wrong with it: bits, lengths, types, order, ends, pieces of other conversations.</summary>
internal sealed class Mutator(Random random)
{
    private const int Header = 5;
    private static readonly byte[] Types = [.. "123ABCDEFGHIKNPQRSTVWXZcdfnpstv"u8, 0, 255];

    /// <summary>Some of it changed, in one to four places.</summary>
    internal byte[] Mutate(ReadOnlySpan<byte> bytes, bool isClient)
    {
        var messages = Split(bytes);
        for (var i = 1 + random.Next(4); i > 0 && messages.Count > 0; i--)
        {
            Change(messages, random.Next(messages.Count), isClient);
        }

        return [.. messages.SelectMany(message => message)];
    }

    /// <summary>Cuts typed messages apart; what does not look like one stays as it is.</summary>
    internal static List<byte[]> Split(ReadOnlySpan<byte> bytes)
    {
        List<byte[]> messages = [];
        while (bytes.Length > 0)
        {
            var total = bytes.Length < Header ? bytes.Length : 1L + BinaryPrimitives.ReadUInt32BigEndian(bytes[1..]);
            var length = total < Header || total > bytes.Length ? bytes.Length : (int)total;
            messages.Add(bytes[..length].ToArray());
            bytes = bytes[length..];
        }

        return messages;
    }

    private void Change(List<byte[]> messages, int at, bool isClient)
    {
        var message = messages[at];
        if (message.Length == 0)
        {
            return;
        }

        switch (random.Next(14))
        {
            case 0:
                message[random.Next(message.Length)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                message[random.Next(message.Length)] = (byte)random.Next(256);
                break;
            case 2:
                message[0] = Types[random.Next(Types.Length)];
                break;
            case 3 when message.Length >= Header:
                BinaryPrimitives.WriteInt32BigEndian(message.AsSpan(1), AnyLength(message.Length - 1));
                break;
            case 4:
                messages.RemoveRange(at + 1, messages.Count - at - 1);
                messages[at] = message[..random.Next(message.Length + 1)];
                break;
            case 5:
                messages.Insert(at, (byte[])message.Clone());
                break;
            case 6:
                messages.RemoveAt(at);
                break;
            case 7:
                var other = random.Next(messages.Count);
                (messages[at], messages[other]) = (messages[other], messages[at]);
                break;
            case 8:
                messages.Insert(at, AnyMessage(isClient));
                break;
            case 9:
                messages.RemoveRange(at, messages.Count - at);
                messages.AddRange(Split(AnySpeech(isClient)).SkipWhile(_ => random.Next(4) > 0).Take(20));
                break;
            case 10:
                var noise = new byte[1 + random.Next(20)];
                random.NextBytes(noise);
                messages.Insert(at, noise);
                break;
            case 11:
                // Texts without an end, counts that are too large.
                var from = Math.Min(Header, message.Length);
                message.AsSpan(from).Replace((byte)0, (byte)(random.Next(2) == 0 ? 'x' : 255));
                break;
            case 12:
                messages.Insert(at, AnyMessage(!isClient));
                break;
            default:
                messages.InsertRange(at, Enumerable.Repeat(message, 1 + random.Next(60)).Select(copy => (byte[])copy.Clone()));
                break;
        }
    }

    private int AnyLength(int right) => random.Next(10) switch
    {
        0 => 0,
        1 => 3,
        2 => 4,
        3 => int.MaxValue,
        4 => -1,
        5 => 1 << 30,
        6 => 10_000_000,
        7 => random.Next(),
        _ => right + random.Next(-8, 9),
    };

    private byte[] AnyMessage(bool isClient)
    {
        var messages = Split(AnySpeech(isClient));
        return messages.Count > 0 ? messages[random.Next(messages.Count)] : [FrontendMessage.Sync, 0, 0, 0, 4];
    }

    private byte[] AnySpeech(bool isClient)
    {
        var conversation = Conversation.All[random.Next(Conversation.All.Count)];
        return isClient ? conversation.Client : conversation.Server;
    }
}
