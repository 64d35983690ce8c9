namespace Pooler.Actors.Wire;

/// <summary>The SQLSTATEs that the pooler sends or looks at (PostgreSQL, Appendix A).</summary>
public static class SqlStates
{
    /// <summary>successful_completion: the code of notices.</summary>
    public const string SuccessfulCompletion = "00000";

    /// <summary>protocol_violation: the code of nearly every error of the pooler itself.</summary>
    public const string ProtocolViolation = "08P01";

    /// <summary>config_file_error: RELOAD failed.</summary>
    public const string ConfigFileError = "F0000";

    /// <summary>cannot_connect_now: a server that starts or stops. Not passed on to waiting clients, since it passes.</summary>
    public const string CannotConnectNow = "57P03";

    public const string QueryCanceled = "57014";
}
