using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>What came of reading the configuration.</summary>
/// <param name="Settings">The new settings; null: the file has an error and nothing of it counts.</param>
/// <param name="Errors">Lines for the log, level ERROR: why there are no settings, or what is wrong with auth_file.</param>
/// <param name="Warnings">Lines for the log, level WARNING.</param>
public sealed record LoadResult(PoolerSettings? Settings, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    /// <summary>What a file with an error says about the log and the user; everything else in it does not count. Null: there is no error.</summary>
    public GlobalSettings? ForLog { get; init; }

    [MemberNotNullWhen(true, nameof(Settings))]
    [MemberNotNullWhen(false, nameof(ForLog))]
    public bool Succeeded => Settings is not null;
}
