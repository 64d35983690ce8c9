using System.Collections.Concurrent;
using Pooler.Actors.Transport;

namespace Pooler.Actors.Tests.Transport;

/// <summary>An owner that notes every signal and, when it is told to, reads all that is there.</summary>
internal sealed class RecordingOwner(bool reads = true) : IConnectionOwner
{
    private readonly MemoryStream _received = new();

    internal ConcurrentQueue<ConnectionSignal> Signals { get; } = new();

    internal ReceiveStatus? Ended { get; private set; }

    internal string? Error { get; private set; }

    internal int SignalThread { get; private set; }

    internal Action<Connection>? OnDrained { get; set; }

    internal Action<Connection>? OnConnected { get; set; }

    internal byte[] Received
    {
        get
        {
            lock (_received)
            {
                return _received.ToArray();
            }
        }
    }

    internal long ReceivedCount
    {
        get
        {
            lock (_received)
            {
                return _received.Length;
            }
        }
    }

    public void Signal(Connection connection, ConnectionSignal signal)
    {
        SignalThread = Environment.CurrentManagedThreadId;
        switch (signal)
        {
            case ConnectionSignal.Readable when reads:
                ReadAll(connection);
                break;
            case ConnectionSignal.Drained:
                OnDrained?.Invoke(connection);
                break;
            case ConnectionSignal.Connected:
                OnConnected?.Invoke(connection);
                break;
            case ConnectionSignal.ConnectFailed:
                Error = connection.Error;
                break;
        }

        Signals.Enqueue(signal);
    }

    internal void ReadAll(Connection connection)
    {
        while (Ended is null)
        {
            var status = connection.Receive(out var bytes);
            if (status == ReceiveStatus.Data)
            {
                lock (_received)
                {
                    _received.Write(bytes);
                }

                continue;
            }

            if (status != ReceiveStatus.WouldBlock)
            {
                Error = connection.Error;
                Ended = status;
            }

            return;
        }
    }
}
