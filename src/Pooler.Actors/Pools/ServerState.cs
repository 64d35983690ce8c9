namespace Pooler.Actors.Pools;

/// <summary>Where a server connection stands in its pool, in the words of SHOW SERVERS.</summary>
internal enum ServerState
{
    /// <summary>Connecting or logging in.</summary>
    Login,

    /// <summary>Ready for the next client.</summary>
    Idle,

    /// <summary>Idle for longer than server_check_delay: to be checked before it is used.</summary>
    Used,

    /// <summary>Runs server_reset_query or server_check_query.</summary>
    Tested,

    /// <summary>On loan.</summary>
    Active,

    /// <summary>Given back, but a cancel request for it is still on its way.</summary>
    BeingCanceled,

    /// <summary>Told to close.</summary>
    Closing,
}
