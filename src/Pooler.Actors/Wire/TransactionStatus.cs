namespace Pooler.Actors.Wire;

/// <summary>The status byte of ReadyForQuery.</summary>
public static class TransactionStatus
{
    public const byte Idle = (byte)'I';
    public const byte InTransaction = (byte)'T';
    public const byte Failed = (byte)'E';
}
