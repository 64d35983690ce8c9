namespace Pooler.Actors.Admin;

/// <summary>A <see cref="PausePools"/>, <see cref="ResumePools"/> or <see cref="CommandPools"/> that has no answer yet.</summary>
/// <param name="Id">Its number; later commands have higher ones.</param>
/// <param name="Call">The console call that waits for it; 0: none does.</param>
/// <param name="Tag">The tag of its answer, which is its name.</param>
/// <param name="Database">Its scope; null: everything.</param>
/// <param name="MayWait">It may take long; the session goes on meanwhile.</param>
internal readonly record struct PendingPoolCommand(long Id, long Call, string Tag, string? Database, bool MayWait = false)
{
    /// <summary>The tag of <see cref="PausePools"/>.</summary>
    public const string Pause = "PAUSE";

    /// <summary>The tag of <see cref="ResumePools"/>.</summary>
    public const string Resume = "RESUME";

    public bool IsPause => Tag == Pause;

    public bool IsResume => Tag == Resume;

    /// <summary>It began with a change of what the pooler as a whole does, which a refusal takes back.</summary>
    public bool IsGlobalPauseOrResume => Database is null && (IsPause || IsResume);
}
