using Pooler.Actors.Wire;

namespace Pooler.Actors.Relay;

/// <summary>Of a server's messages only the short ones that change the pooler's own state are collected.</summary>
internal struct ResponsePolicy : IFramePolicy
{
    // A ParameterStatus holds one setting of the server.
    public static int CollectedAtMost => 1 << 20;

    // One value, true or false.
    private const int LongestRow = 64;

    // The fields that are looked at come within this, even behind a long text that is not.
    private const int LongestError = 1 << 16;

    /// <summary>
    /// An ErrorResponse must be seen whole, if it is not very long: it decides whether the request is made again. And so must what a Describe says before it.
    /// </summary>
    public bool WantsErrors { get; set; }

    /// <summary>What a result looks like must be seen whole, if it is not very long: clients have been told of one.</summary>
    public bool WantsDescriptions { get; set; }

    /// <summary>Rows of functions that take locks must be seen whole; they are short.</summary>
    public bool WantsRows { get; set; }

    public readonly long Wanted(ReadOnlySpan<byte> available, long total) =>
        available[0] is BackendMessage.ReadyForQuery or BackendMessage.ParameterStatus or BackendMessage.CommandComplete
        || (WantsErrors && available[0] is BackendMessage.ErrorResponse or BackendMessage.ParameterDescription && total <= LongestError)
        || (WantsDescriptions && available[0] is BackendMessage.RowDescription && total <= LongestError)
        || (WantsRows && available[0] == BackendMessage.DataRow && total <= LongestRow)
            ? total
            : FrameHeader.Size;
}
