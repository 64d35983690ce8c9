using Pooler.Actors.Transport;

namespace Pooler.Testing.Simulation;

/// <summary>A connection that swallows what is sent and only counts it; for the relay alone, and for measuring what that allocates.</summary>
internal sealed class SilentConnection : Connection
{
    /// <summary>How much it was given to send.</summary>
    public long Bytes { get; private set; }

    public override Loop Loop => throw new NotSupportedException();

    public override PeerAddress Remote { get; } = new(AddressKind.IPv4, "127.0.0.1", 1);

    public override PeerAddress Local { get; } = new(AddressKind.IPv4, "127.0.0.1", 2);

    public override bool IsOpen => true;

    public override string? Error => null;

    public override int Unsent => 0;

    public override ReceiveStatus Receive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return ReceiveStatus.WouldBlock;
    }

    public override void Send(ReadOnlySpan<byte> bytes) => Bytes += bytes.Length;

    public override void PauseReading()
    {
    }

    public override void ResumeReading()
    {
    }

    public override void Close()
    {
    }

    public override void CloseAfterFlush()
    {
    }

    public override void Detach()
    {
    }
}
