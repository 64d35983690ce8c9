namespace Pooler.Actors.Configuration;

/// <summary>What becomes of session state where servers change with the transaction (setting session_state_tracking).</summary>
public enum StateTracking
{
    /// <summary>Nobody looks.</summary>
    Off,

    /// <summary>The client and the log are told.</summary>
    Warn,

    /// <summary>The client keeps its server until the state is gone.</summary>
    Pin,

    /// <summary>Settings follow the client; for everything else it keeps its server.</summary>
    Replay,
}
