using System.Diagnostics.CodeAnalysis;

namespace Pooler.Actors.Configuration;

/// <summary>What came of reading the configuration.</summary>
/// <param name="Settings">The new settings; null: the file has an error and nothing of it counts.</param>
/// <param name="Errors">Lines for the log, level ERROR: why there are no settings, or what is wrong with auth_file.</param>
/// <param name="Warnings">Lines for the log, level WARNING.</param>
public sealed record LoadResult(PoolerSettings? Settings, IReadOnlyList<string> Errors, IReadOnlyList<string> Warnings)
{
    [MemberNotNullWhen(true, nameof(Settings))]
    public bool Succeeded => Settings is not null;
}
