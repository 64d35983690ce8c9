namespace Pooler.Actors.Admin;

/// <summary>A <see cref="PausePools"/> or <see cref="ResumePools"/> that has no answer yet.</summary>
/// <param name="Id">Its number; later commands have higher ones.</param>
/// <param name="Call">The console call that waits for it; 0: none does.</param>
/// <param name="IsPause">False for a resume.</param>
/// <param name="Database">Its scope; null: everything.</param>
internal readonly record struct PendingPoolCommand(long Id, long Call, bool IsPause, string? Database);
