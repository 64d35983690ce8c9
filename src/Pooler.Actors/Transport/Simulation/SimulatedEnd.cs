namespace Pooler.Actors.Transport.Simulation;

/// <summary>
/// One end of a simulated connection, with the bytes that are on their way to it and those that have arrived but are unread; together they never
/// exceed the capacity, which is what holds the sender back.
/// </summary>
internal sealed class SimulatedEnd
{
    private readonly SimulatedNetwork _network;
    private readonly byte[] _bytes;
    private readonly Action _deliver;
    private readonly Action _arriveReset;
    private readonly Action _announceRoom;
    private SimulatedEnd _peer;
    private int _first;
    private int _underWay;
    private bool _endUnderWay;
    private bool _deliveryPlanned;
    private bool _senderWaits;
    private bool _finished;

    private SimulatedEnd(SimulatedNetwork network)
    {
        _network = network;
        _bytes = new byte[network.PickCapacity()];
        _deliver = Deliver;
        _arriveReset = ArriveReset;
        _announceRoom = () => User?.Writable();
        _peer = this;
    }

    internal ISimulatedEndUser? User { get; set; }

    /// <summary>Bytes that can be read now.</summary>
    internal int Arrived { get; private set; }

    /// <summary>The peer has finished sending and everything it sent has arrived.</summary>
    internal bool EndArrived { get; private set; }

    /// <summary>The connection is broken. Bytes that have arrived can still be read; those under way are lost.</summary>
    internal bool ResetArrived { get; private set; }

    /// <summary>This end is closed: it reads and sends no more.</summary>
    internal bool IsClosed { get; private set; }

    /// <summary>The other end is closed, though word of it may still be on its way.</summary>
    internal bool IsPeerClosed => _peer.IsClosed;

    /// <summary>Bytes that were sent here and that the other end has not read.</summary>
    internal int Unread => _peer.Arrived + _peer._underWay;

    internal bool IsReadable => Arrived > 0 || EndArrived || ResetArrived;

    internal static (SimulatedEnd Client, SimulatedEnd Server) Pair(SimulatedNetwork network)
    {
        var client = new SimulatedEnd(network);
        var server = new SimulatedEnd(network) { _peer = client };
        client._peer = server;
        return (client, server);
    }

    /// <summary>
    /// Sends; gives the number of bytes that the kernel takes. After fewer than offered, <see cref="ISimulatedEndUser.Writable"/> follows.
    /// </summary>
    internal int Write(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed || ResetArrived || _finished)
        {
            return bytes.Length;
        }

        var taken = _peer.Store(bytes);
        if (taken < bytes.Length)
        {
            _peer._senderWaits = true;
        }

        return taken;
    }

    /// <summary>Takes bytes that have arrived.</summary>
    internal int Read(Span<byte> target)
    {
        var count = Math.Min(Arrived, target.Length);
        var untilWrap = Math.Min(count, _bytes.Length - _first);
        _bytes.AsSpan(_first, untilWrap).CopyTo(target);
        _bytes.AsSpan(0, count - untilWrap).CopyTo(target[untilWrap..]);
        _first = (_first + count) % _bytes.Length;
        Arrived -= count;
        if (count > 0 && _senderWaits)
        {
            _senderWaits = false;
            _network.Plan(_network.PickDelay(), _peer._announceRoom);
        }

        return count;
    }

    /// <summary>Sends no more: the peer meets the end of the stream after the last byte.</summary>
    internal void Finish()
    {
        if (_finished || ResetArrived)
        {
            return;
        }

        _finished = true;
        _peer._endUnderWay = true;
        _peer.PlanDelivery();
    }

    /// <summary>Closes: in good order when nothing is left unread, else with a reset, as the kernel does.</summary>
    internal void Close()
    {
        if (IsClosed)
        {
            return;
        }

        if (Arrived > 0 || _underWay > 0)
        {
            Reset();
            return;
        }

        Finish();
        IsClosed = true;
    }

    /// <summary>Breaks the connection: the peer learns of it after a while.</summary>
    internal void Reset()
    {
        if (!IsClosed)
        {
            IsClosed = true;
            _network.Plan(_network.PickDelay(), _peer._arriveReset);
        }
    }

    private int Store(ReadOnlySpan<byte> bytes)
    {
        var used = Arrived + _underWay;
        var count = Math.Min(bytes.Length, _bytes.Length - used);
        if (count == 0)
        {
            return 0;
        }

        var at = (_first + used) % _bytes.Length;
        var untilWrap = Math.Min(count, _bytes.Length - at);
        bytes[..untilWrap].CopyTo(_bytes.AsSpan(at));
        bytes[untilWrap..count].CopyTo(_bytes);
        _underWay += count;
        PlanDelivery();
        return count;
    }

    private void PlanDelivery()
    {
        if (!_deliveryPlanned)
        {
            _deliveryPlanned = true;
            _network.Plan(_network.PickDeliveryDelay(), _deliver);
        }
    }

    private void Deliver()
    {
        _deliveryPlanned = false;
        if (ResetArrived)
        {
            return;
        }

        if (IsClosed)
        {
            // Bytes for a closed socket are answered with a reset.
            if (_underWay > 0)
            {
                _underWay = 0;
                _peer.ArriveReset();
            }

            return;
        }

        if (_network.PicksReset())
        {
            ArriveReset();
            _peer.ArriveReset();
            return;
        }

        var count = _network.PickPart(_underWay);
        _underWay -= count;
        Arrived += count;
        if (_underWay > 0)
        {
            PlanDelivery();
        }
        else if (_endUnderWay)
        {
            EndArrived = true;
        }

        User?.Readable();
    }

    private void ArriveReset()
    {
        if (ResetArrived || IsClosed)
        {
            return;
        }

        ResetArrived = true;
        _underWay = 0;
        User?.Writable();
        User?.Readable();
    }
}
