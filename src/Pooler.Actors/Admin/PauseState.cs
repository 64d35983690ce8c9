namespace Pooler.Actors.Admin;

/// <summary>What the pooler as a whole does; pauses of single databases do not count.</summary>
internal enum PauseState
{
    Active,
    Paused,
    Suspended,
}
