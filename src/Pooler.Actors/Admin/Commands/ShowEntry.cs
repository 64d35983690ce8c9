using System.Collections.Immutable;
using Pooler.Actors.Configuration;
using Pooler.Actors.Wire;

namespace Pooler.Actors.Admin.Commands;

/// <summary>One table of SHOW.</summary>
/// <param name="Name">The word after SHOW.</param>
/// <param name="Parts">What it is made from.</param>
/// <param name="Make">Makes it; null: this version does not have it.</param>
internal sealed record ShowEntry(string Name, SnapshotParts Parts, Func<PoolerSnapshot, ResultTable>? Make)
{
    private static readonly PoolerSnapshot Nothing = new() { Settings = PoolerSettings.Default };

    /// <summary>Who may see it. An entry that does not say otherwise is for admins alone.</summary>
    public AdminRights Needed { get; init; } = AdminRights.Admin;

    /// <summary>Its columns, which are the same whatever there is to show; null: this version does not have it.</summary>
    public ImmutableArray<ColumnDescription>? Columns => Make?.Invoke(Nothing).Columns;

    /// <summary>The table is for every console user.</summary>
    public ShowEntry ForAll() => this with { Needed = AdminRights.ReadOnly };
}
