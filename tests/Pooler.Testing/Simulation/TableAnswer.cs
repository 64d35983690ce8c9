namespace Pooler.Testing.Simulation;

/// <summary>One of the answers that requests about tables may get.</summary>
/// <param name="Model">The session with that answer as its output.</param>
/// <param name="Version">How often the tables have changed in it.</param>
/// <param name="Done">The uses that came about.</param>
/// <param name="Refused">The one whose plan was refused; null: none was.</param>
/// <param name="Skipped">Those behind that one.</param>
internal sealed record TableAnswer(BackendModel Model, int Version, IReadOnlyList<TableUse> Done, TableUse? Refused, IReadOnlyList<TableUse> Skipped)
{
    private bool? _hasFault;

    /// <summary>Its rows are read as what they are not; null: there is no such use.</summary>
    internal TableUse? Misread => Done.FirstOrDefault(use => use.IsOther(Version) && use.Statement.Rows > 0);

    /// <summary>Why the client must not get it; null: it may. <paramref name="isInPipeline"/>: the requests do not stand alone.</summary>
    internal string? FindFault(bool isInPipeline) =>
        Done.Any(use => use.Formats > 1 && use.Formats != use.ColumnsAt(Version).Count) ? "hears of the number of its formats in place of a change of the result"
        : Misread is { } misread ? $"reads rows of {misread.ColumnsAt(Version)} by columns told before a change: {misread.ReadBy}"
        : Refused is null || isInPipeline || Refused.MayBeRefused || Refused.IsOther(Version) || Skipped.Any(use => use.IsOther(Version)) ? null
        : "is refused rows that it would have read as what they are";

    /// <summary>It must not come to requests that stand alone.</summary>
    internal bool HasFault => _hasFault ??= FindFault(isInPipeline: false) is not null;
}
