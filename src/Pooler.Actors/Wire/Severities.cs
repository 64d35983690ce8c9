namespace Pooler.Actors.Wire;

/// <summary>Words of the severity field.</summary>
public static class Severities
{
    public const string Error = "ERROR";
    public const string Fatal = "FATAL";
    public const string Notice = "NOTICE";
}
