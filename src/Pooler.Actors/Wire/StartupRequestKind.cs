namespace Pooler.Actors.Wire;

/// <summary>What a client opens its connection with.</summary>
public enum StartupRequestKind
{
    SslRequest,
    GssEncRequest,
    CancelRequest,

    /// <summary>StartupMessage of protocol 2.0, which is answered with a fatal error.</summary>
    StartupVersion2,

    /// <summary>StartupMessage of protocol 3.x.</summary>
    Startup,
}
