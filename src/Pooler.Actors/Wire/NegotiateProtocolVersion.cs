namespace Pooler.Actors.Wire;

/// <summary>Reads NegotiateProtocolVersion (type v): a server speaks an older minor version than it was asked for, or does not know some options.</summary>
internal static class NegotiateProtocolVersion
{
    /// <summary>Reads the body behind the header: the version that the server speaks, and how many options it does not know.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out int version, out int options)
    {
        var reader = new MessageReader(body);
        options = 0;
        if (!reader.TryReadInt32(out version) || !reader.TryReadInt32(out var count) || count < 0)
        {
            return false;
        }

        while (options < count && reader.TryReadCString(out _))
        {
            options++;
        }

        return options == count && reader.AtEnd;
    }
}
