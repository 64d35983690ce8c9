namespace Pooler.Actors.Wire;

/// <summary>What became of reading a startup-type message.</summary>
public enum StartupStatus
{
    /// <summary>More bytes have to come.</summary>
    Incomplete,

    /// <summary>A request was read.</summary>
    Ok,

    /// <summary>The connection ends with a fatal error.</summary>
    Bad,

    /// <summary>The connection is closed without a message; the error is for the log.</summary>
    BadSilent,
}
