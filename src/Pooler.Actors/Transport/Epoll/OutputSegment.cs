namespace Pooler.Actors.Transport.Epoll;

/// <summary>A link in the queue of bytes that the kernel did not take yet. Segments and their buffers belong to the loop and go back to it.</summary>
internal sealed class OutputSegment
{
    internal byte[] Buffer { get; set; } = [];

    /// <summary>First byte that is not sent.</summary>
    internal int Start { get; set; }

    /// <summary>One past the last byte.</summary>
    internal int End { get; set; }

    internal OutputSegment? Next { get; set; }
}
