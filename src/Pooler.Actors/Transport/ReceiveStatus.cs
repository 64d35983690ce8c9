namespace Pooler.Actors.Transport;

/// <summary>What <see cref="Connection.Receive"/> found.</summary>
public enum ReceiveStatus
{
    /// <summary>Bytes are there; they are valid until the next receive on the same loop.</summary>
    Data,

    /// <summary>Nothing is there now; <see cref="ConnectionSignal.Readable"/> follows when there is.</summary>
    WouldBlock,

    /// <summary>The peer has closed its sending side in good order.</summary>
    EndOfStream,

    /// <summary>The connection is broken; <see cref="Connection.Error"/> says how.</summary>
    Failed,
}
