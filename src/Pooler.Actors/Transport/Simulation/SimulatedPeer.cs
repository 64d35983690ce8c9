using System.Buffers;

namespace Pooler.Actors.Transport.Simulation;

/// <summary>
/// A scripted client or server at one end of a simulated connection. It takes everything that it is told to send and keeps what the network does
/// not take yet. Handlers run in the network's thread.
/// </summary>
public sealed class SimulatedPeer : ISimulatedEndUser
{
    private readonly SimulatedEnd _end;
    private readonly ArrayBufferWriter<byte> _unsent = new();
    private readonly byte[] _scratch = new byte[4096];
    private int _sent;
    private bool _connected;
    private bool _closing;
    private bool _finishing;
    private bool _paused;
    private bool _endTold;
    private bool _resetTold;

    internal SimulatedPeer(SimulatedEnd end, PeerAddress remote, PeerAddress local, bool isConnected)
    {
        _end = end;
        _end.User = this;
        Remote = remote;
        Local = local;
        _connected = isConnected;
    }

    /// <summary>Gets the bytes as they arrive, split in any way.</summary>
    public SimulatedDataHandler? OnData { get; set; }

    /// <summary>The connection stands; only for peers that connect.</summary>
    public Action<SimulatedPeer>? OnConnected { get; set; }

    /// <summary>The connection could not be made, for the reason given.</summary>
    public Action<SimulatedPeer, string>? OnRefused { get; set; }

    /// <summary>The other end has finished sending.</summary>
    public Action<SimulatedPeer>? OnEnd { get; set; }

    /// <summary>The connection is broken.</summary>
    public Action<SimulatedPeer>? OnReset { get; set; }

    /// <summary>The other end.</summary>
    public PeerAddress Remote { get; }

    /// <summary>This end.</summary>
    public PeerAddress Local { get; }

    /// <summary>Bytes that the network has not taken yet.</summary>
    public int Unsent => _unsent.WrittenCount - _sent;

    /// <summary>Bytes that it was told to send so far.</summary>
    public long Sent { get; private set; }

    /// <summary>Of these, those that the other end has not read yet.</summary>
    public int Unread => Unsent + _end.Unread;

    /// <summary>The connection stands and neither end has closed or broken it.</summary>
    public bool IsOpen => _connected && !_end.IsClosed && !_end.EndArrived && !_end.ResetArrived;

    /// <summary>The other end has closed, though word of it may still be on its way.</summary>
    public bool IsOtherEndClosed => _end.IsPeerClosed;

    /// <summary>Whatever a script wants to remember of this connection.</summary>
    public object? State { get; set; }

    /// <summary>Sends; what cannot leave now leaves later, in order.</summary>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        Sent += bytes.Length;
        _unsent.Write(bytes);
        Flush();
    }

    /// <summary>Closes after everything unsent has left.</summary>
    public void Close()
    {
        _closing = true;
        Flush();
    }

    /// <summary>Sends no more after everything unsent has left, but goes on reading.</summary>
    public void HalfClose()
    {
        _finishing = true;
        Flush();
    }

    /// <summary>Breaks the connection at once.</summary>
    public void Reset()
    {
        _end.Reset();
        _unsent.ResetWrittenCount();
        _sent = 0;
    }

    /// <summary>Stalls: reads nothing, so that the other end's bytes pile up.</summary>
    public void PauseReading() => _paused = true;

    /// <summary>Reads on.</summary>
    public void ResumeReading()
    {
        _paused = false;
        ((ISimulatedEndUser)this).Readable();
    }

    /// <inheritdoc/>
    void ISimulatedEndUser.Writable() => Flush();

    /// <inheritdoc/>
    void ISimulatedEndUser.Readable()
    {
        while (!_paused && !_end.IsClosed && _end.Arrived > 0)
        {
            var count = _end.Read(_scratch);
            OnData?.Invoke(this, _scratch.AsSpan(0, count));
        }

        if (_paused || _end.IsClosed)
        {
            return;
        }

        if (_end.ResetArrived && !_resetTold)
        {
            _resetTold = true;
            OnReset?.Invoke(this);
        }
        else if (_end.EndArrived && !_endTold && !_end.ResetArrived)
        {
            _endTold = true;
            OnEnd?.Invoke(this);
        }
    }

    /// <summary>The outcome of connecting: null or the error's text.</summary>
    internal void ConnectEnded(string? error)
    {
        if (error is not null)
        {
            OnRefused?.Invoke(this, error);
            return;
        }

        _connected = true;
        OnConnected?.Invoke(this);
        Flush();
    }

    private void Flush()
    {
        if (!_connected)
        {
            return;
        }

        while (Unsent > 0)
        {
            var offered = Unsent;
            var taken = _end.Write(_unsent.WrittenSpan[_sent..]);
            _sent += taken;
            if (taken < offered)
            {
                return;
            }
        }

        _unsent.ResetWrittenCount();
        _sent = 0;
        if (_closing)
        {
            _end.Close();
        }
        else if (_finishing)
        {
            _end.Finish();
        }
    }
}
