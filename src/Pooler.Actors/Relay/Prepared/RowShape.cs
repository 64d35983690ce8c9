using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The columns of a statement's result as a driver keeps them: names and types, in order. A driver that asks for them only once reads all later rows by them, so that rows of
/// another shape must not come to it. Immutable; any thread. Source: PostgreSQL protocol, RowDescription and NoData.
/// </summary>
internal sealed class RowShape
{
    // Of a result with more in it nothing is kept: its rows are not checked.
    private const int LongestKept = 1 << 13;

    // What a RowDescription says of a column behind its name: table, number there, type, length, modifier, format.
    private const int TableLength = sizeof(int) + sizeof(short);
    private const int RestLength = sizeof(short) + sizeof(int) + sizeof(short);

    // Each column: its name, NUL, the type's OID.
    private readonly byte[] _columns;

    private RowShape(ReadOnlySpan<byte> columns) => _columns = columns.ToArray();

    /// <summary>Of a result that is not looked at.</summary>
    public static RowShape Unknown { get; } = new([]);

    /// <summary>
    /// Reads the answer to a Describe; <see cref="Unknown"/> if it is not whole, or too long. The result is <paramref name="known"/> itself if it says the same.
    /// </summary>
    public static RowShape Read(ReadOnlySpan<byte> message, RowShape? known)
    {
        if (message.Length > LongestKept)
        {
            return Unknown;
        }

        // What is kept of a message is shorter than it.
        Span<byte> columns = stackalloc byte[message.Length];
        var length = 0;
        var reader = new MessageReader(message[FrameHeader.Size..]);
        if (message[0] == BackendMessage.RowDescription)
        {
            if (!reader.TryReadInt16(out var count))
            {
                return Unknown;
            }

            for (var i = 0; i < count; i++)
            {
                if (!reader.TryReadCString(out var name)
                    || !reader.TryReadBytes(TableLength, out _)
                    || !reader.TryReadBytes(sizeof(int), out var type)
                    || !reader.TryReadBytes(RestLength, out _))
                {
                    return Unknown;
                }

                name.CopyTo(columns[length..]);
                columns[length + name.Length] = 0;
                type.CopyTo(columns[(length + name.Length + 1)..]);
                length += name.Length + 1 + sizeof(int);
            }
        }

        return known is not null && known != Unknown && columns[..length].SequenceEqual(known._columns) ? known : new RowShape(columns[..length]);
    }

    /// <summary>True if rows of both are read the same way, as far as anybody knows.</summary>
    public bool IsSame(RowShape other) =>
        this == other || this == Unknown || other == Unknown || _columns.AsSpan().SequenceEqual(other._columns);
}
