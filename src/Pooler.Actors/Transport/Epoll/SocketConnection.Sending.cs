namespace Pooler.Actors.Transport.Epoll;

/// <summary>The sending side: straight to the kernel, and a queue of pooled segments for what it does not take.</summary>
internal sealed unsafe partial class SocketConnection
{
    private OutputSegment? _firstUnsent;
    private OutputSegment? _lastUnsent;
    private int _unsent;
    private FlushDeadline? _flushDeadline;

    /// <inheritdoc/>
    public override int Unsent => _unsent;

    /// <inheritdoc/>
    public override void Send(ReadOnlySpan<byte> bytes)
    {
        if (_sendingFailed || bytes.IsEmpty || _state is ConnectionState.Closed or ConnectionState.Flushing)
        {
            return;
        }

        if (_unsent == 0 && _state == ConnectionState.Open)
        {
            var sent = TrySend(bytes);
            if (sent == bytes.Length || _sendingFailed)
            {
                return;
            }

            bytes = bytes[sent..];
        }

        Keep(bytes);
        if (_state == ConnectionState.Open)
        {
            Arm(Wanted);
        }
    }

    /// <inheritdoc/>
    public override void CloseAfterFlush()
    {
        if (_state == ConnectionState.Flushing)
        {
            return;
        }

        if (_unsent == 0 || _state != ConnectionState.Open || _slot < 0)
        {
            FinishAndClose();
            return;
        }

        _state = ConnectionState.Flushing;
        Owner = null;
        Arm(Wanted);
        _flushDeadline = new FlushDeadline(this, _loop.Now + FlushDeadline.Limit);
        _loop.Deadlines.Add(_flushDeadline);
    }

    /// <summary>Bytes that the kernel took; on failure 0, with the failure noted.</summary>
    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                var sent = LibC.Send(_descriptor, start, (nuint)bytes.Length, LibC.NoSignal);
                if (sent >= 0)
                {
                    return (int)sent;
                }

                var errno = Errno.OfHotCall;
                if (errno == Errno.WouldBlock)
                {
                    return 0;
                }

                if (errno != Errno.Interrupted)
                {
                    _sendingFailed = true;
                    _error ??= Errno.Text(errno);
                    return 0;
                }
            }
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        _unsent += bytes.Length;
        var last = _lastUnsent;
        if (last is not null)
        {
            var fits = Math.Min(bytes.Length, last.Buffer.Length - last.End);
            bytes[..fits].CopyTo(last.Buffer.AsSpan(last.End));
            last.End += fits;
            bytes = bytes[fits..];
            if (bytes.IsEmpty)
            {
                return;
            }
        }

        var segment = _loop.RentSegment(Math.Max(bytes.Length, _loop.Buffers.StandardSize));
        bytes.CopyTo(segment.Buffer);
        segment.End = bytes.Length;
        _lastUnsent = segment;
        if (last is null)
        {
            _firstUnsent = segment;
        }
        else
        {
            last.Next = segment;
        }
    }

    private void Flush()
    {
        while (_firstUnsent is { } segment)
        {
            var length = segment.End - segment.Start;
            var sent = TrySend(segment.Buffer.AsSpan(segment.Start, length));
            if (_sendingFailed)
            {
                DropUnsent();
                return;
            }

            _unsent -= sent;
            segment.Start += sent;
            if (sent < length)
            {
                return;
            }

            _firstUnsent = segment.Next;
            _lastUnsent = _firstUnsent is null ? null : _lastUnsent;
            _loop.ReturnSegment(segment);
        }
    }

    /// <summary>Nothing is unsent any more, because it left or because the peer is gone; the latter shows in the next receive.</summary>
    private void AfterFlush()
    {
        if (_state == ConnectionState.Flushing)
        {
            FinishAndClose();
            return;
        }

        Arm(Wanted);
        Owner?.Signal(this, ConnectionSignal.Drained);
    }

    private void FinishAndClose()
    {
        if (_state is ConnectionState.Open or ConnectionState.Flushing && !_sendingFailed)
        {
            LibC.Shutdown(_descriptor, LibC.ShutdownSending);
            DiscardReceived();
        }

        Close();
    }

    /// <summary>
    /// A close with unread input resets the connection, which can overtake the last bytes sent; so input that is there is taken out first.
    /// </summary>
    private void DiscardReceived()
    {
        const int ReadsAtMost = 64;
        const int Size = 4096;

        // Not the loop's buffer: whoever closes may still be looking at what it received last.
        var scratch = stackalloc byte[Size];
        for (var i = 0; i < ReadsAtMost; i++)
        {
            if (LibC.Receive(_descriptor, scratch, Size, 0) <= 0)
            {
                return;
            }
        }
    }

    private void DropUnsent()
    {
        while (_firstUnsent is { } segment)
        {
            _firstUnsent = segment.Next;
            _loop.ReturnSegment(segment);
        }

        _lastUnsent = null;
        _unsent = 0;
    }
}
