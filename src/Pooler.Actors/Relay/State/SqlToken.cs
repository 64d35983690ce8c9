namespace Pooler.Actors.Relay.State;

/// <summary>A piece of an SQL text: where it begins and how long it is, bytes.</summary>
internal readonly record struct SqlToken(SqlTokenKind Kind, int Start, int Length)
{
    /// <summary>Where the next one may begin.</summary>
    public int End => Start + Length;
}
