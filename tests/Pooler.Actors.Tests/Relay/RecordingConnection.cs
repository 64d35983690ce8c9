using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Relay;

/// <summary>A connection that keeps what is sent and has nothing to receive; for tests of what goes where.</summary>
internal sealed class RecordingConnection(PeerAddress? remote = null) : Connection
{
    private readonly List<byte> _sent = [];

    /// <summary>Everything sent, in order.</summary>
    public byte[] Sent => [.. _sent];

    /// <summary>How often something was sent.</summary>
    public int Sends { get; private set; }

    public override Loop Loop => throw new NotSupportedException();

    public override PeerAddress Remote { get; } = remote ?? new(AddressKind.IPv4, "127.0.0.1", 1);

    public override PeerAddress Local { get; } = new(AddressKind.IPv4, "127.0.0.1", 2);

    public override bool IsOpen => true;

    public override string? Error => null;

    /// <summary>The other end does not read: nothing of what is sent leaves.</summary>
    public bool IsStuck { get; set; }

    public override int Unsent => IsStuck ? _sent.Count : 0;

    public override ReceiveStatus Receive(out ReadOnlySpan<byte> bytes)
    {
        bytes = default;
        return ReceiveStatus.WouldBlock;
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        Sends++;
        _sent.AddRange(bytes);
    }

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
