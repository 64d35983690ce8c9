using Pooler.Actors.Relay.Prepared;
using Pooler.Actors.Relay.State;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>
/// Requests of clients pass through by their header alone; where named statements are rewritten, those that name one are read as far as the name, and short
/// texts that may give one up are read whole.
/// </summary>
internal struct RequestPolicy : IFramePolicy
{
    /// <summary>No name is longer than this, bytes.</summary>
    private const int LongestName = 1 << 16;

    private const int ReadAtMost = StatementScanner.LongestText + FrameHeader.Size;

    // How much further to look for the end of a name that has not come whole.
    private const int Stride = 64;

    // The text of a statement may be as long as any message.
    public static int CollectedAtMost => Array.MaxLength;

    /// <summary>Named statements are rewritten.</summary>
    public bool Rewrites { get; set; }

    /// <summary>Statements are read for what they do to the session.</summary>
    public bool Tracks { get; set; }

    public readonly long Wanted(ReadOnlySpan<byte> available, long total)
    {
        if (!Rewrites && !Tracks)
        {
            return FrameHeader.Size;
        }

        switch (available[0])
        {
            case FrontendMessage.Query:
                return Tracks ? Math.Min(total, ReadAtMost) : WantedOfText(available, FrameHeader.Size, total);
            case FrontendMessage.Execute:
                return Tracks && total <= LongestName ? total : FrameHeader.Size;
            case FrontendMessage.Parse when Tracks && (!Rewrites || available.Length <= FrameHeader.Size || available[FrameHeader.Size] == 0):
                return Math.Min(total, ReadAtMost);
            case FrontendMessage.Parse:
                // A long unnamed statement is nobody's business.
                return available.Length <= FrameHeader.Size ? Math.Min(FrameHeader.Size + 1, total)
                    : available[FrameHeader.Size] == 0 && total > StatementRewriter.LongestUnnamed ? FrameHeader.Size
                    : total;
            case FrontendMessage.Bind:
                var body = available[FrameHeader.Size..];
                var portal = body.IndexOf((byte)0);
                var isThere = portal >= 0 && body[(portal + 1)..].Contains((byte)0);
                return isThere || body.Length > 2 * LongestName ? FrameHeader.Size : Math.Min(available.Length + Stride, total);
            case FrontendMessage.Describe:
            case FrontendMessage.Close:
                return total <= LongestName ? total : FrameHeader.Size;
            default:
                return FrameHeader.Size;
        }
    }

    /// <summary>A short text that may be a DEALLOCATE is read whole.</summary>
    private static long WantedOfText(ReadOnlySpan<byte> available, int start, long total) =>
        available.Length <= start ? Math.Min(start + 1, total)
        : (available[start] | 0x20) == 'd' && total <= Deallocation.LongestMessage ? total
        : FrameHeader.Size;
}
