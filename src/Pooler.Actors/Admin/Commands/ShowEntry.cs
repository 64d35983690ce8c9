namespace Pooler.Actors.Admin.Commands;

/// <summary>One table of SHOW.</summary>
/// <param name="Name">The word after SHOW.</param>
/// <param name="Parts">What it is made from.</param>
/// <param name="Make">Makes it; null: this version does not have it.</param>
internal sealed record ShowEntry(string Name, SnapshotParts Parts, Func<PoolerSnapshot, ResultTable>? Make)
{
    /// <summary>Who may see it. An entry that does not say otherwise is for admins alone.</summary>
    public AdminRights Needed { get; init; } = AdminRights.Admin;

    /// <summary>The table is for every console user.</summary>
    public ShowEntry ForAll() => this with { Needed = AdminRights.ReadOnly };
}
