using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Text;

namespace Pooler.Actors.Dns;

/// <summary>
/// The form of DNS messages (RFC 1035): writes a question and reads the answer to it. Takes hostile bytes and never throws for them. Pure.
/// </summary>
internal static class DnsMessage
{
    private const int HeaderLength = 12;
    private const int LongestLabel = 63;
    private const int LongestName = 253;
    private const int MostJumps = 32;
    private const ushort Internet = 1;
    private const ushort IsResponse = 0x8000;
    private const ushort IsTruncated = 0x0200;
    private const ushort WantsRecursion = 0x0100;

    /// <summary>Writes a question for one type of record; null: no name server can know this name.</summary>
    public static byte[]? WriteQuery(ushort id, string name, DnsRecordType type)
    {
        var labels = name.Split('.');
        if (name.Length is 0 or > LongestName || !Ascii.IsValid(name) || Array.Exists(labels, label => label.Length is 0 or > LongestLabel))
        {
            return null;
        }

        var message = new byte[HeaderLength + name.Length + 2 + 4];
        var header = message.AsSpan();
        BinaryPrimitives.WriteUInt16BigEndian(header, id);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], WantsRecursion);
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], 1);
        var at = HeaderLength;
        foreach (var label in labels)
        {
            message[at++] = (byte)label.Length;
            at += Encoding.ASCII.GetBytes(label, message.AsSpan(at));
        }

        BinaryPrimitives.WriteUInt16BigEndian(header[(at + 1)..], (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(header[(at + 3)..], Internet);
        return message;
    }

    /// <summary>Reads the answer to a question that <see cref="WriteQuery"/> wrote; false: it is none, or is malformed.</summary>
    public static bool TryReadResponse(ReadOnlySpan<byte> message, ReadOnlySpan<byte> query, [NotNullWhen(true)] out DnsResponse? response)
    {
        response = null;

        // The question must come back as it was, whoever sends the answer; letters may come back in the other case.
        if (message.Length < query.Length || !message[..2].SequenceEqual(query[..2]) || !message[4..6].SequenceEqual(query[4..6])
            || !Ascii.EqualsIgnoreCase(message[HeaderLength..query.Length], query[HeaderLength..]))
        {
            return false;
        }

        var flags = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        if ((flags & IsResponse) == 0 || !TryReadName(message, HeaderLength, out var name, out var at))
        {
            return false;
        }

        var type = (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(message[at..]);
        var reader = new AnswerReader(name, type);
        at = query.Length;
        for (var left = BinaryPrimitives.ReadUInt16BigEndian(message[6..]); left > 0; left--)
        {
            if (!TryReadName(message, at, out var owner, out at) || at + 10 > message.Length)
            {
                break;
            }

            var record = message[at..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(record[8..]);
            at += 10;
            if (at + length > message.Length)
            {
                break;
            }

            if (BinaryPrimitives.ReadUInt16BigEndian(record[2..]) == Internet)
            {
                reader.Take(message, owner, (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(record), at, length);
            }

            at += length;
        }

        response = new DnsResponse(flags & 0xf, (flags & IsTruncated) != 0, reader.Addresses(), reader.Serial);
        return true;
    }

    /// <summary>Reads a name, which may go on elsewhere in the message; <paramref name="next"/> is behind it.</summary>
    private static bool TryReadName(ReadOnlySpan<byte> message, int at, out string name, out int next)
    {
        var text = new StringBuilder();
        name = "";
        next = 0;
        for (var jumps = 0; at < message.Length;)
        {
            int length = message[at];
            if (length == 0)
            {
                next = jumps == 0 ? at + 1 : next;
                name = text.ToString();
                return true;
            }

            if (length >= 0xc0)
            {
                if (at + 1 >= message.Length || jumps == MostJumps)
                {
                    return false;
                }

                next = jumps++ == 0 ? at + 2 : next;
                at = ((length & 0x3f) << 8) | message[at + 1];
            }
            else
            {
                if (length > LongestLabel || at + 1 + length > message.Length || text.Length + length > LongestName)
                {
                    return false;
                }

                text.Append(text.Length > 0 ? "." : "").Append(Encoding.Latin1.GetString(message.Slice(at + 1, length)));
                at += 1 + length;
            }
        }

        return false;
    }

    /// <summary>Collects the records of one answer.</summary>
    private sealed class AnswerReader(string name, DnsRecordType type)
    {
        private readonly Dictionary<string, string> _aliases = new(StringComparer.OrdinalIgnoreCase);
        private readonly List<(string Owner, IPAddress Address)> _addresses = [];

        public uint? Serial { get; private set; }

        public void Take(ReadOnlySpan<byte> message, string owner, DnsRecordType found, int at, int length)
        {
            switch (found)
            {
                case DnsRecordType.CName when TryReadName(message, at, out var target, out _):
                    _aliases.TryAdd(owner, target);
                    break;
                case DnsRecordType.A when type == found && length == 4:
                case DnsRecordType.Aaaa when type == found && length == 16:
                    _addresses.Add((owner, new IPAddress(message.Slice(at, length))));
                    break;

                // Two names, then five numbers, the serial first.
                case DnsRecordType.Soa when type == found && TryReadName(message, at, out _, out var next) && TryReadName(message, next, out _, out next)
                    && next + 20 == at + length:
                    Serial ??= BinaryPrimitives.ReadUInt32BigEndian(message[next..]);
                    break;
                default:
                    break;
            }
        }

        public List<IPAddress> Addresses()
        {
            var owners = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { name };
            for (var owner = name; _aliases.TryGetValue(owner, out var target) && owners.Add(target);)
            {
                owner = target;
            }

            return [.. _addresses.Where(entry => owners.Contains(entry.Owner)).Select(entry => entry.Address)];
        }
    }
}
