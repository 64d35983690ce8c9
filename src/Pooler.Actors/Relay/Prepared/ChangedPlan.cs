using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>
/// The error by which PostgreSQL refuses a statement whose result has changed since it was prepared: drivers know it, and prepare again. Source: PostgreSQL,
/// plancache.c, RevalidateCachedQuery.
/// </summary>
internal static class ChangedPlan
{
    /// <summary>No server has a statement of this name: it refuses a Bind of it and skips what follows, up to the Sync. Its error is not for the client.</summary>
    public const string AbsentStatement = "PGBOUNCER_outdated";

    /// <summary>True for that error.</summary>
    public static bool IsError(ReadOnlySpan<byte> message) => IsError(message, "0A000"u8, "RevalidateCachedQuery"u8);

    /// <summary>
    /// True for the error by which a server refuses a Bind that asks for more or fewer columns than there are. If the statement was parsed again since its client was told of them, it comes
    /// in place of the other one. Source: PostgreSQL, pquery.c, PortalSetResultFormat.
    /// </summary>
    public static bool IsFormatError(ReadOnlySpan<byte> message) => IsError(message, "08P01"u8, "PortalSetResultFormat"u8);

    /// <summary>Compares SQLSTATE and origin: the text is translated, these are not.</summary>
    private static bool IsError(ReadOnlySpan<byte> message, ReadOnlySpan<byte> sqlState, ReadOnlySpan<byte> routine)
    {
        var reader = new MessageReader(message[FrameHeader.Size..]);
        var isState = false;
        while (reader.TryReadByte(out var field) && field != 0 && reader.TryReadCString(out var value))
        {
            isState |= field == 'C' && value.SequenceEqual(sqlState);
            if (field == 'R')
            {
                return isState && value.SequenceEqual(routine);
            }
        }

        return false;
    }
}
