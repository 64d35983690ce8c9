using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>Names and types of a result's columns in one number: what a client has to know to read its rows. Lengths and the like are no part of it.</summary>
internal static class ColumnPrint
{
    /// <summary>Nobody was told.</summary>
    public const long Unknown = 0;

    /// <summary>Clients were told different columns, or more of them than are looked at; equal to none.</summary>
    public const long Various = -1;

    private const long None = 1;
    private const int BeforeType = sizeof(int) + sizeof(short);
    private const int BehindType = sizeof(short) + sizeof(int) + sizeof(short);

    /// <summary>The columns of a RowDescription, or of NoData. If the message is broken or a part of it is missing: <see cref="Various"/>.</summary>
    public static long Of(ReadOnlySpan<byte> message)
    {
        if (message[0] == BackendMessage.NoData)
        {
            return None;
        }

        var reader = new MessageReader(message[FrameHeader.Size..]);
        if (BinaryPrimitives.ReadInt32BigEndian(message[1..]) != message.Length - 1 || !reader.TryReadInt16(out var count))
        {
            return Various;
        }

        // FNV-1a.
        var hash = 0xCBF29CE484222325;
        for (var i = 0; i < (ushort)count; i++)
        {
            if (!reader.TryReadCString(out var name) || !reader.TryReadBytes(BeforeType, out _) || !reader.TryReadBytes(sizeof(int), out var type) || !reader.TryReadBytes(BehindType, out _))
            {
                return Various;
            }

            foreach (var part in name)
            {
                hash = (hash ^ part) * 0x100000001B3;
            }

            // The end of the name.
            hash *= 0x100000001B3;
            foreach (var part in type)
            {
                hash = (hash ^ part) * 0x100000001B3;
            }
        }

        return (long)(hash & long.MaxValue) | 2;
    }
}
