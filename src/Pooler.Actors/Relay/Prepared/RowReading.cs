using System.Buffers.Binary;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay.Prepared;

/// <summary>How a client's driver reads rows, as far as its requests show it: by what it was told once, or by what it has told again each time.</summary>
internal static class RowReading
{
    /// <summary>True if the next request is for the description of a portal.</summary>
    public static bool BeginsWithDescribePortal(ReadOnlySpan<byte> requests) =>
        requests.Length > FrameHeader.Size && requests[0] == FrontendMessage.Describe && requests[FrameHeader.Size] == (byte)'P';

    /// <summary>True if it can be seen what the next request is for.</summary>
    public static bool Says(ReadOnlySpan<byte> requests) =>
        requests.Length > FrameHeader.Size || (requests.Length > 0 && requests[0] != FrontendMessage.Describe);

    /// <summary>True if behind each Bind of this statement its portal is described. The requests are whole and have the server's names.</summary>
    public static bool DescribesPortals(ReadOnlySpan<byte> requests, PreparedStatement statement)
    {
        while (requests.Length >= FrameHeader.Size)
        {
            var request = requests[..(1 + BinaryPrimitives.ReadInt32BigEndian(requests[1..]))];
            requests = requests[request.Length..];
            var reader = new MessageReader(request[FrameHeader.Size..]);
            if (request[0] == FrontendMessage.Bind && reader.TryReadCString(out _) && reader.TryReadCString(out var name)
                && name.SequenceEqual(statement.ServerName) && !BeginsWithDescribePortal(requests))
            {
                return false;
            }
        }

        return true;
    }
}
