namespace Pooler.Actors.Clients;

/// <summary>Where a client connection stands. A byte, because each client keeps one.</summary>
internal enum ClientPhase : byte
{
    /// <summary>Proves who it is.</summary>
    Login,

    /// <summary>Its pool is looked up or made.</summary>
    FindingPool,

    /// <summary>Waits for what the first server of its pool reports.</summary>
    AwaitingWelcome,

    /// <summary>Logged in, without a server.</summary>
    Idle,

    /// <summary>Has asked for a server.</summary>
    Waiting,

    /// <summary>Holds a server.</summary>
    Active,
    Closed,
}
