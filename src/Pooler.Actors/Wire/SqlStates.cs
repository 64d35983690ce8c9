namespace Pooler.Actors.Wire;

/// <summary>The SQLSTATEs that the pooler sends or looks at (PostgreSQL, Appendix A).</summary>
public static class SqlStates
{
    /// <summary>successful_completion: the code of notices.</summary>
    public const string SuccessfulCompletion = "00000";

    /// <summary>warning: the code of notices that warn.</summary>
    public const string Warning = "01000";

    /// <summary>protocol_violation: the code of nearly every error of the pooler itself.</summary>
    public const string ProtocolViolation = "08P01";

    /// <summary>config_file_error: RELOAD failed.</summary>
    public const string ConfigFileError = "F0000";

    /// <summary>cannot_connect_now: a server that starts or stops. Not passed on to waiting clients, since it passes.</summary>
    public const string CannotConnectNow = "57P03";

    public const string QueryCanceled = "57014";

    public const string FeatureNotSupported = "0A000";

    // Queries and statements on the console.
    public const string InvalidParameterValue = "22023";
    public const string InvalidTextRepresentation = "22P02";
    public const string InvalidBinaryRepresentation = "22P03";
    public const string InvalidLimit = "2201W";
    public const string InvalidOffset = "2201X";
    public const string ObjectNotInPrerequisiteState = "55000";
    public const string UndefinedStatement = "26000";
    public const string UndefinedPortal = "34000";
    public const string UndefinedColumn = "42703";
    public const string GroupingError = "42803";
    public const string UndefinedFunction = "42883";
    public const string UndefinedTable = "42P01";
    public const string UndefinedParameter = "42P02";
    public const string DuplicatePortal = "42P03";
    public const string DuplicateStatement = "42P05";
    public const string InvalidColumnReference = "42P10";
    public const string ProgramLimitExceeded = "54000";
    public const string TooManyColumns = "54011";
}
