using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Admin;

/// <summary>A connection whose other end is the test. Any thread may call.</summary>
internal sealed class FakeConnection : Connection
{
    private readonly Lock _lock = new();
    private readonly Queue<byte[]> _incoming = new();
    private readonly List<byte> _sent = [];
    private bool _ended;
    private bool _closed;
    private volatile bool _isReadingPaused;
    private volatile int _unsent;

    public override Loop Loop { get; } = new FakeLoop();

    public override PeerAddress Remote { get; } = new(AddressKind.IPv4, "127.0.0.1", 5000);

    public override PeerAddress Local { get; } = new(AddressKind.IPv4, "127.0.0.1", 6432);

    public override bool IsOpen
    {
        get
        {
            lock (_lock)
                return !_closed;
        }
    }

    public override string? Error => null;

    public override int Unsent => _unsent;

    public bool IsReadingPaused => _isReadingPaused;

    /// <summary>How it was closed: null, "now" or "after flush".</summary>
    public string? Closed { get; private set; }

    /// <summary>What was sent, message by message.</summary>
    public List<string> Sent
    {
        get
        {
            lock (_lock)
                return Messages.Read([.. _sent]);
        }
    }

    /// <summary>The peer sends bytes.</summary>
    public void Feed(params byte[] bytes)
    {
        lock (_lock)
            _incoming.Enqueue(bytes);
        Signal(ConnectionSignal.Readable);
    }

    /// <summary>The peer ends its side.</summary>
    public void End()
    {
        lock (_lock)
            _ended = true;
        Signal(ConnectionSignal.Readable);
    }

    /// <summary>The peer stops reading: these bytes stay unsent until it is 0 again.</summary>
    public void SetUnsent(int bytes)
    {
        _unsent = bytes;
        if (bytes == 0)
            Signal(ConnectionSignal.Drained);
    }

    public override ReceiveStatus Receive(out ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_incoming.TryDequeue(out byte[]? next))
            {
                bytes = next;
                return ReceiveStatus.Data;
            }

            bytes = default;
            return _ended ? ReceiveStatus.EndOfStream : ReceiveStatus.WouldBlock;
        }
    }

    public override void Send(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
            _sent.AddRange(bytes);
    }

    public override void PauseReading() => _isReadingPaused = true;

    public override void ResumeReading() => _isReadingPaused = false;

    public override void Close() => Close("now");

    public override void CloseAfterFlush() => Close("after flush");

    public override void Detach() => throw new NotSupportedException();

    private void Signal(ConnectionSignal signal) => Owner?.Signal(this, signal);

    private void Close(string how)
    {
        lock (_lock)
        {
            _closed = true;
            Closed ??= how;
        }
    }
}
